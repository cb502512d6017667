/** A use of emergency access in a few lines, for people. */
import type { ShownUse } from "../../lib/core/break-glass/list-uses.ts";
import { printable } from "./describe-found.ts";

const INDENT = "    ";

export function describeUse(use: ShownUse): string {
  const { session, state, since, until, accesses, isMore, people, others = [], first, due, explained } = use;
  const count = `${accesses}${isMore ? " or more" : ""} access${accesses === 1 ? "" : "es"}`;
  const lines = [
    `${session}  ${state}`,
    `${INDENT}who      ${people.join(", ") || "nobody of gatebook.yml is known"}`,
    ...others.map((principal) => `${INDENT}as       ${principal}`),
    `${INDENT}when     ${iso(since)} to ${iso(until)}, ${count}`,
    ...(first === undefined
      ? []
      : [`${INDENT}first    ${first.operation}${first.resource === undefined ? "" : ` on ${first.resource}`}`]),
    ...(due === undefined ? [] : [`${INDENT}due      ${iso(due)}`]),
    ...(explained === undefined ? [] : describeExplanation(explained)),
  ];
  return lines.map(printable).join("\n");
}

const WHOSE = { yes: ", who used it", no: ", who did not use it", unknown: "" } as const;

function describeExplanation({ by, usedIt, reason, ticket, at }: NonNullable<ShownUse["explained"]>): string[] {
  return [
    `${INDENT}told     ${iso(at)} by ${by}${WHOSE[usedIt]}`,
    `${INDENT}because  ${reason}${ticket === undefined ? "" : ` (${ticket})`}`,
  ];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
