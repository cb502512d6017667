/** What a batch adds to a correlation's groups. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { MemoryKey } from "../memory/detection-memory.ts";
import { bucketOf } from "./completions.ts";
import { compareMembers, hashTexts, type Member, type Place } from "./member.ts";

/** The event of the batch that a member came with: the one itself, or one that completed a correlation below. */
interface Source {
  /** Its place in the batch. */
  readonly index: number;
  readonly id: string;
  readonly time: number;
}

export interface Touch {
  readonly place: Pick<Place, "group" | "label">;
  readonly member: Member;
  readonly source: Source;
}

/** All touches of one group. */
export interface TouchedGroup {
  readonly group: string;
  readonly touches: readonly Touch[];
  /** The buckets that members were added to. */
  readonly buckets: readonly number[];
}

export function groupTouches(rule: CorrelationRule, touches: readonly Touch[]): TouchedGroup[] {
  const groups = Map.groupBy(touches, ({ place }) => place.group);
  return [...groups].map(([group, touched]) => ({
    group,
    touches: touched,
    buckets: [...new Set(touched.map(({ member }) => bucketOf(member.time, rule)))].sort((a, b) => a - b),
  }));
}

export function latestOf(touches: readonly Touch[]): Touch {
  return touches.reduce((latest, touch) => (compareMembers(touch.member, latest.member) > 0 ? touch : latest));
}

/** The windows of a bucket reach into the one before it: what is added to one is judged with its neighbours. */
export function neighbours(buckets: readonly number[], ...offsets: readonly number[]): number[] {
  return [...new Set(buckets.flatMap((bucket) => offsets.map((offset) => bucket + offset)))].sort((a, b) => a - b);
}

/** A correlation that was changed begins anew: what it kept may have another meaning. */
export function memoryPrefix({ id, type, rules, groupBy, aliases, timespanMs, condition }: CorrelationRule): string {
  return hashTexts([id, JSON.stringify([type, rules, groupBy, aliases, timespanMs, condition])]);
}

export function memoryKey(prefix: string, group: string, bucket: number): MemoryKey {
  return { key: `${prefix}:${group}`, bucket: String(bucket) };
}
