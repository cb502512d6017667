/** What a correlation's condition asks for. */
import type { CorrelationCondition, CorrelationRule } from "../correlation-rule.ts";
import { compareMembers, type Member } from "./member.ts";
import { longestInOrder } from "./order.ts";

/** What no later event can undo is told as soon as it holds; anything else when the time is over. */
export function isLasting({ type, condition: { bounds } }: CorrelationRule): boolean {
  const isCount = ["event_count", "value_count", "temporal", "temporal_ordered"].includes(type);
  return isCount && bounds.every(({ by }) => by === "gt" || by === "gte");
}

/** Of a lasting condition, how many different things it takes. */
export function neededCount({ rules, condition: { bounds } }: CorrelationRule): number {
  if (bounds.length === 0) return rules.length;
  return Math.max(1, ...bounds.map(({ by, value }) => (by === "gt" ? Math.floor(value) + 1 : Math.ceil(value))));
}

/** How many different things are more than the condition allows, whatever comes after them; infinite where none are. */
export function tooManyFor({ type, condition: { bounds } }: CorrelationRule): number {
  if (type !== "event_count" && type !== "value_count" && type !== "temporal") return Number.POSITIVE_INFINITY;
  const least = bounds.map(({ by, value }) => {
    if (by === "lt") return Math.ceil(value);
    return by === "lte" || by === "eq" ? Math.floor(value) + 1 : Number.POSITIVE_INFINITY;
  });
  return Math.max(1, Math.min(...least));
}

/** What the member is counted as: equal ones count once. */
export function tokenOf({ type }: CorrelationRule, { id, position, token }: Member): string {
  switch (type) {
    case "event_count":
      return id;
    case "temporal":
    case "temporal_ordered":
      return String(position);
    case "value_count":
      return token;
    default:
      return `${id}\n${token}`;
  }
}

/** What the condition compares, over the members of one window; undefined where there is nothing to measure. */
export function measure(rule: CorrelationRule, members: readonly Member[]): number | undefined {
  const byToken = new Map(members.map((member) => [tokenOf(rule, member), member]));
  const values = [...byToken.values()].map(({ token }) => Number(token));
  switch (rule.type) {
    case "temporal_ordered":
      return longestInOrder(members.toSorted(compareMembers));
    case "value_sum":
      return sum(values);
    case "value_avg":
      return values.length === 0 ? undefined : sum(values) / values.length;
    case "value_percentile":
      return percentileOf(values, rule.condition.percentile ?? 0);
    default:
      return byToken.size;
  }
}

/** Smallest first: the sum does not depend on the order in which the values came. */
function sum(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((total, value) => total + value, 0);
}

/** By the nearest rank: the smallest value that so many percent do not exceed. */
function percentileOf(values: readonly number[], percentile: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)];
}

export function holds({ bounds }: CorrelationCondition, value: number): boolean {
  return bounds.every(({ by, value: bound }) => HOLDS[by](value, bound));
}

const HOLDS: Readonly<Record<CorrelationCondition["bounds"][number]["by"], (value: number, bound: number) => boolean>> =
  {
    gt: (value, bound) => value > bound,
    gte: (value, bound) => value >= bound,
    lt: (value, bound) => value < bound,
    lte: (value, bound) => value <= bound,
    eq: (value, bound) => value === bound,
    neq: (value, bound) => value !== bound,
  };
