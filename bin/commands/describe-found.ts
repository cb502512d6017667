/** A recorded access in a few lines, for people. */
import { describeGranted } from "../../lib/core/record/describe-granted.ts";
import { FAILURE } from "../../lib/core/record/ocsf.ts";
import type { Found } from "../../lib/core/search/search.ts";
import { principalOf } from "../../lib/core/sources/principal.ts";

const INDENT = "    ";

export function describeFound({ index, shard, record }: Found): string {
  const { event, action, person, trace, granted, changes, findings } = record;
  const principal = principalOf(event);
  const operation = event.api?.operation ?? event.metadata.event_code;
  const outcome = event.status_id === FAILURE ? `  FAILED${event.status_code ? ` (${event.status_code})` : ""}` : "";
  const lines = [
    `${new Date(event.time).toISOString()}  ${action}  ${operation}${outcome}`,
    `${INDENT}who    ${person === undefined ? principal : `${person}, ${principal}`}`,
    ...(event.resources ?? []).map(({ uid, name }) => `${INDENT}what   ${uid ?? name ?? "unknown"}`),
    `${INDENT}how    ${describeGranted(granted)}`,
    ...listed("change", changes?.lines ?? []),
    ...listed("says  ", isOwn(event) ? (event.message ?? "").split("\n") : []),
    ...(trace === undefined ? [] : [`${INDENT}trace  ${trace}`]),
    ...findings.map(({ level, rule }) => `${INDENT}${level.toUpperCase()}  ${rule.title}`),
    `${INDENT}entry  ${shard === undefined ? index : `${shard}/${index}`}, event ${event.metadata.uid}`,
  ];
  return lines.map(printable).join("\n");
}

/** What Gatebook did itself is told by its message alone: which role was asked for, and why; what the gate said, and to whom. */
function isOwn({ metadata: { product } }: Found["record"]["event"]): boolean {
  return product.vendor_name === "Gatebook";
}

function listed(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${INDENT}${i === 0 ? name : " ".repeat(name.length)} ${line}`);
}

/** Names come from outside: none of them may move the cursor or colour the terminal. */
export function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
