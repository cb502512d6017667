/** The numbers behind a correlation's finding, in a sentence. */

import type { CorrelationRule } from "../correlation-rule.ts";
import { describeDuration } from "../describe-duration.ts";
import type { Completion } from "./completions.ts";
import { isLasting, measure, tokenOf } from "./conditions.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";
import type { Member } from "./member.ts";

/** Of values and events that are listed. */
const MAX_LISTED = 10;

export interface Description {
  readonly why: string;
  /** The sources' ids of the window's events, but the one that the finding is attached to. */
  readonly events: readonly string[];
  readonly count: number;
}

export function describeCompletion(
  { rule, titles }: LinkedCorrelation,
  { window }: Completion,
  { label, id }: { readonly label: string; readonly id: string },
): Description {
  const members = window();
  const byId = new Map(members.map((member) => [member.id, member]));
  const others = [...byId.values()].filter((member) => member.id !== id).map(({ event }) => event);
  const by = label === "" ? "" : `, for ${label}`;
  return {
    why: `${numbersOf(rule, titles, members)} ${timeOf(rule, members)}${by}.`,
    events: [...new Set(others)].slice(0, MAX_LISTED),
    count: byId.size,
  };
}

function numbersOf(rule: CorrelationRule, titles: readonly string[], members: readonly Member[]): string {
  const { type, condition } = rule;
  const number = measure(rule, members) ?? 0;
  const [field = ""] = condition.fields;
  switch (type) {
    case "event_count":
      return `${number} ${number === 1 ? "event" : "events"}`;
    case "value_count":
      return `${number} different values of ${condition.fields.join(", ")} (${listOf(rule, members)})`;
    case "temporal":
    case "temporal_ordered":
      return `${titlesOf(titles, members)}${type === "temporal" ? "" : ", in this order,"}`;
    case "value_sum":
      return `${number} is the sum of ${field}`;
    case "value_avg":
      return `${number} is the average of ${field}`;
    default:
      return `${number} is the percentile ${condition.percentile} of ${field}`;
  }
}

/** In the order of the correlation. */
function titlesOf(titles: readonly string[], members: readonly Member[]): string {
  const positions = new Set(members.map(({ position }) => position));
  return titles.filter((_, position) => positions.has(position)).join("; ");
}

function listOf(rule: CorrelationRule, members: readonly Member[]): string {
  const tokens = [...new Set(members.map((member) => tokenOf(rule, member)))];
  return [...tokens.slice(0, MAX_LISTED), ...(tokens.length > MAX_LISTED ? ["…"] : [])].join(", ");
}

function timeOf(rule: CorrelationRule, members: readonly Member[]): string {
  const spent = (members.at(-1)?.time ?? 0) - (members.at(0)?.time ?? 0);
  if (!isLasting(rule)) return `in a period of ${describeDuration(rule.timespanMs)}`;
  return spent === 0 ? "at the same time" : `in ${describeDuration(spent)}`;
}
