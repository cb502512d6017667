/** Correlations over the matches of a batch and what is remembered of those before it. */
import type { CorrelationRule } from "../correlation-rule.ts";
import type { Match } from "../detection.ts";
import {
  type DetectionMemory,
  type MemoryBucket,
  type MemoryKey,
  type MemoryWrite,
  memoryName,
} from "../memory/detection-memory.ts";
import { additions, expiryOf, membersIn, removal } from "./bucket-writes.ts";
import { type Completion, completionsIn } from "./completions.ts";
import { describeCompletion } from "./describe-completion.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";
import type { Member } from "./member.ts";
import { groupTouches, latestOf, memoryKey, memoryPrefix, neighbours, type Touch, type TouchedGroup } from "./touch.ts";

/** A correlation that an event of the batch completed. */
export interface CorrelationMatch {
  /** The event's place in the batch. */
  readonly index: number;
  readonly match: Match;
}

/**
 * Adds the touches to a correlation's groups, and finds what they complete. Of one group and one bucket of time there is one match, which belongs to the
 * event that claims it first: whichever events come in whichever order, the buckets that have one are the same.
 *
 * @returns matches, and the touches of the correlations over this one
 */
export async function correlate(
  correlation: LinkedCorrelation,
  touches: readonly Touch[],
  memory: DetectionMemory,
): Promise<{ readonly matches: readonly CorrelationMatch[]; readonly above: ReadonlyMap<string, readonly Touch[]> }> {
  const { rule } = correlation;
  const prefix = memoryPrefix(rule);
  const groups = groupTouches(rule, touches);
  // Remembered before it is recalled: of two workers that add to one group at once, the later one sees both.
  await memory.remember(groups.flatMap((group) => additions(correlation, prefix, group)));
  const keys = groups.flatMap(({ group, buckets }) =>
    neighbours(buckets, -1, 0, 1).map((bucket) => memoryKey(prefix, group, bucket)),
  );
  const recalled = await memory.recall(keys);

  const matches: CorrelationMatch[] = [];
  const above = new Map<string, Touch[]>();
  const removals: MemoryWrite[] = [];
  for (const group of groups) {
    const state = stateOf(rule, prefix, group, recalled);
    for (const [bucket, completions] of completedIn(rule, group, state)) {
      for (const [id, touched] of touchesAbove(correlation, completions, group)) {
        above.set(id, [...(above.get(id) ?? []), ...touched]);
      }
      const [first] = correlation.isSilent ? [] : completions;
      const match = first && (await claimMatch(correlation, group, first, { ...state.at(bucket), memory }));
      if (match !== undefined) matches.push(match);
    }
    removals.push(...group.buckets.flatMap((bucket) => removal(rule, state.membersOf(bucket), state.at(bucket).key)));
  }
  await memory.remember(removals);
  return { matches, above };
}

function completedIn(
  rule: CorrelationRule,
  { buckets }: TouchedGroup,
  { membersOf }: GroupState,
): [bucket: number, completions: readonly Completion[]][] {
  return neighbours(buckets, 0, 1).map((bucket) => [
    bucket,
    completionsIn(rule, [...membersOf(bucket - 1), ...membersOf(bucket)], bucket),
  ]);
}

interface GroupState {
  membersOf(bucket: number): readonly Member[];
  at(bucket: number): { readonly key: MemoryKey; readonly owner: string | undefined };
}

function stateOf(
  rule: CorrelationRule,
  prefix: string,
  { group, buckets }: TouchedGroup,
  recalled: ReadonlyMap<string, MemoryBucket>,
): GroupState {
  const decoded = new Map(
    neighbours(buckets, -1, 0, 1).map((bucket) => {
      const texts = recalled.get(memoryName(memoryKey(prefix, group, bucket)))?.members ?? [];
      return [bucket, membersIn(rule, bucket, texts)] as const;
    }),
  );
  return {
    membersOf: (bucket) => decoded.get(bucket) ?? [],
    at(bucket) {
      const key = memoryKey(prefix, group, bucket);
      return { key, owner: recalled.get(memoryName(key))?.owner };
    },
  };
}

function touchesAbove(
  { parents, rule }: LinkedCorrelation,
  completions: readonly Completion[],
  { touches }: TouchedGroup,
): [string, Touch[]][] {
  const latest = latestOf(touches);
  return parents.map((parent) => {
    const position = parent.positions.get(rule.id) ?? 0;
    const over = new Set(parent.ancestors.map((ancestor) => ancestor.rule.id));
    const touched = completions.flatMap(({ at }) =>
      at.above
        .filter(([correlation]) => correlation === parent.rule.id)
        .map(([, place]) => ({
          place,
          member: { ...at, position, token: place.token, above: at.above.filter(([id]) => over.has(id)) },
          source: touches.find(({ source }) => source.id === at.id)?.source ?? latest.source,
        })),
    );
    return [parent.rule.id, touched];
  });
}

async function claimMatch(
  correlation: LinkedCorrelation,
  { group, touches }: TouchedGroup,
  completion: Completion,
  { key, owner, memory }: { key: MemoryKey; owner: string | undefined; memory: DetectionMemory },
): Promise<CorrelationMatch | undefined> {
  const { rule } = correlation;
  const touched = touches.find(({ source }) => source.id === completion.at.id) ?? latestOf(touches);
  const claimed = owner ?? (await memory.claim(key, touched.source.id, expiryOf(rule, Number(key.bucket))));
  // Ours where it was ours before: this batch comes again, after it was not recorded.
  const claimant = touches.find(({ source }) => source.id === claimed);
  if (claimant === undefined) return undefined;
  const description = describeCompletion(correlation, completion, { label: claimant.place.label, id: claimed });
  return { index: claimant.source.index, match: { rule, subject: `${group}:${key.bucket}`, ...description } };
}
