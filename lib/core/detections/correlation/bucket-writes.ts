/** A correlation's buckets, as memory holds them. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { MemoryKey, MemoryWrite } from "../memory/detection-memory.ts";
import { LATENESS_MS } from "../memory/lateness.ts";
import { bucketOf } from "./completions.ts";
import { neededCount } from "./conditions.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";
import { compareMembers, decodeMember, encodeMember, type Member } from "./member.ts";
import { superfluousIn } from "./superfluous.ts";
import { memoryKey, type TouchedGroup } from "./touch.ts";

/** A bucket's members, in the order of time. */
export function membersIn(rule: CorrelationRule, bucket: number, texts: Iterable<string>): readonly Member[] {
  const members = [...texts].map(decodeMember).filter((member) => member !== undefined);
  return members.filter(({ time }) => bucketOf(time, rule) === bucket).sort(compareMembers);
}

/** What the touches add to the buckets of their group. */
export function additions(
  { rule, parents }: LinkedCorrelation,
  prefix: string,
  { group, touches }: TouchedGroup,
): MemoryWrite[] {
  const byBucket = Map.groupBy(touches, ({ member }) => bucketOf(member.time, rule));
  return [...byBucket].map(([bucket, touched]) => {
    const members = new Map(touched.map(({ member }) => [encodeMember(member), member]));
    // Correlations over this one take every completion, so none may be left out before it was judged.
    const left = parents.length > 0 ? [] : superfluousIn(rule, [...members.values()].sort(compareMembers));
    const without = new Set(left.map(encodeMember));
    return {
      ...memoryKey(prefix, group, bucket),
      add: [...members.keys()].filter((text) => !without.has(text)),
      remove: [],
      expires: expiryOf(rule, bucket),
    };
  });
}

/** What the bucket can do without, where that is much. */
export function removal(rule: CorrelationRule, members: readonly Member[], key: MemoryKey): MemoryWrite[] {
  const superfluous = superfluousIn(rule, members);
  // Not for each one: removing costs as much as adding.
  if (superfluous.length < neededCount(rule)) return [];
  return [{ ...key, add: [], remove: superfluous.map(encodeMember) }];
}

/** Windows of the next bucket reach into this one. */
export function expiryOf({ timespanMs }: CorrelationRule, bucket: number): number {
  return (bucket + 2) * timespanMs + LATENESS_MS;
}
