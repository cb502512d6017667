/** Correlations that a later event could judge otherwise: what matched is remembered now, and judged when its time is over. */
import type { CorrelationRule } from "../correlation-rule.ts";
import { type DetectionMemory, type Judgement, type MemoryWrite, memoryName } from "../memory/detection-memory.ts";
import { additions, membersIn, removal } from "./bucket-writes.ts";
import { bucketOf } from "./completions.ts";
import { tooManyFor } from "./conditions.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";
import type { Member } from "./member.ts";
import { groupTouches, latestOf, memoryPrefix, type Touch, type TouchedGroup } from "./touch.ts";

/** Of a time in epoch milliseconds: any that JavaScript knows. */
const TIME_DIGITS = 16;

export interface LeaveOpenWorld {
  readonly memory: DetectionMemory;
  /** How long after its end a bucket is due. */
  readonly latenessMs: number;
  /** What is to be known of a group's latest event when its bucket is judged, as text. */
  readonly describe: (touch: Touch, rule: CorrelationRule) => string;
}

/** Adds the touches to a correlation's groups, each bucket of which then waits to be judged. */
export async function leaveOpen(
  correlation: LinkedCorrelation,
  touches: readonly Touch[],
  { memory, latenessMs, describe }: LeaveOpenWorld,
): Promise<void> {
  const { rule } = correlation;
  const prefix = memoryPrefix(rule);
  const writes = groupTouches(rule, touches).flatMap((group) =>
    additions(correlation, prefix, group).map((write) => waiting(write, group)),
  );
  await memory.remember(writes);
  if (tooManyFor(rule) === Number.POSITIVE_INFINITY) return;
  // A group that is not worth a word any more must not grow.
  const recalled = await memory.recall(writes);
  const removals = writes.flatMap((write) => {
    const { key, bucket } = write;
    const members = recalled.get(memoryName(write))?.members ?? [];
    return removal(rule, membersIn(rule, Number(bucket), members), { key, bucket });
  });
  await memory.remember(removals);

  function waiting({ expires: _, ...write }: MemoryWrite, { touches: ofGroup }: TouchedGroup): MemoryWrite {
    const bucket = Number(write.bucket);
    const latest = latestOf(ofGroup.filter(({ member }) => bucketOf(member.time, rule) === bucket));
    const judge: Judgement = {
      end: endOf(rule, bucket),
      latenessMs,
      latest: { at: orderOf(latest.member), text: describe(latest, rule) },
    };
    return { ...write, judge };
  }
}

/** The first moment that is not in the bucket any more. */
export function endOf({ timespanMs }: CorrelationRule, bucket: number): number {
  return (bucket + 1) * timespanMs;
}

/** As members of one group are ordered, but as text. */
function orderOf({ time, id }: Member): string {
  return `${String(Math.max(0, time)).padStart(TIME_DIGITS, "0")}:${id}`;
}
