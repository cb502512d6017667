/** Where in time a correlation's condition holds. */
import type { CorrelationRule } from "../correlation-rule.ts";
import { holds, isLasting, measure, neededCount, tokenOf } from "./conditions.ts";
import type { Member } from "./member.ts";
import { longestInOrder } from "./order.ts";

/** An event at which the condition holds over the window that ends with it. */
export interface Completion {
  readonly at: Member;
  /** The members of the window, in the order of time. */
  readonly window: () => readonly Member[];
}

export function bucketOf(time: number, { timespanMs }: CorrelationRule): number {
  return Math.floor(time / timespanMs);
}

/**
 * In one bucket of time, which is as long as the correlation's timespan. A lasting condition is looked for in the window that ends with each event, so
 * that one more member never takes a completion away; any other condition in the bucket as a whole.
 *
 * @param members of the bucket and of the one before it, in the order of time
 */
export function completionsIn(rule: CorrelationRule, members: readonly Member[], bucket: number): Completion[] {
  return isLasting(rule) ? sliding(rule, members, bucket) : asAWhole(rule, members, bucket);
}

function asAWhole(rule: CorrelationRule, members: readonly Member[], bucket: number): Completion[] {
  const inside = members.filter(({ time }) => bucketOf(time, rule) === bucket);
  const value = measure(rule, inside);
  const at = inside.at(-1);
  if (at === undefined || value === undefined || !holds(rule.condition, value)) return [];
  return [{ at, window: () => inside }];
}

function sliding(rule: CorrelationRule, members: readonly Member[], bucket: number): Completion[] {
  const needed = neededCount(rule);
  const counts = new Map<string, number>();
  const count = (member: Member, by: 1 | -1): void => {
    const token = tokenOf(rule, member);
    const left = (counts.get(token) ?? 0) + by;
    if (left === 0) counts.delete(token);
    else counts.set(token, left);
  };
  const completions: Completion[] = [];
  let start = 0;
  let end = 0;
  for (const at of members) {
    // With all that happened at the same time: the order in which they are listed means nothing.
    for (let next = members[end]; next !== undefined && next.time <= at.time; next = members[++end]) count(next, 1);
    for (let old = members[start]; old !== undefined && old.time < at.time - rule.timespanMs; old = members[++start]) {
      count(old, -1);
    }
    if (counts.size < needed || bucketOf(at.time, rule) !== bucket) continue;
    const [from, to] = [start, end];
    const window = (): readonly Member[] => members.slice(from, to);
    if (rule.type === "temporal_ordered" && longestInOrder(window()) < needed) continue;
    completions.push({ at, window });
  }
  return completions;
}
