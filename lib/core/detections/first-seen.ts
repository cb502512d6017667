/** Rules with `first_seen`: what they match trips them only if they have not seen it in the time before. */
import { fieldReader, labelOf, tuplesOf } from "./correlation/field-texts.ts";
import { hashTexts, shortId } from "./correlation/member.ts";
import { describeDuration } from "./describe-duration.ts";
import type { Candidate, Match } from "./detection.ts";
import type { DetectionMemory } from "./memory/detection-memory.ts";
import {
  bucketOfSighting,
  expiryOfSighting,
  type FirstSeenRule,
  type Sighting,
  seenState,
  sightingKey,
  startKey,
} from "./memory/first-seen-memory.ts";
import type { Rule } from "./rule.ts";

export interface FirstSeenMatch {
  /** The event's place in the batch. */
  readonly index: number;
  readonly match: Match & { readonly rule: FirstSeenRule };
}

export function looksForFirst(rule: Rule): rule is FirstSeenRule {
  return rule.firstSeen !== undefined;
}

/** What the rule looks at in an event that it matches; an event without one of the fields shows nothing new. */
export function sightingsOf(rule: FirstSeenRule, candidate: Candidate, index: number): Sighting[] {
  const { fields } = rule.firstSeen;
  return tuplesOf(fields, fieldReader(candidate, rule)).map((texts) => ({
    rule,
    tuple: hashTexts(texts),
    label: labelOf(fields, texts),
    time: candidate.time,
    id: shortId(candidate.id),
    index,
  }));
}

/**
 * Of the same values there is one match, whichever of the events that show them comes first, and whatever comes again.
 *
 * @param since when the first event happened of all there are, where that is known
 */
export async function judgeFirstSeen(
  sightings: readonly Sighting[],
  memory: DetectionMemory,
  since?: number,
): Promise<FirstSeenMatch[]> {
  const ordered = sightings.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const keys = ordered.flatMap((sighting) => [
    startKey(sighting.rule),
    ...[-1, 0, 1].map((offset) => sightingKey(sighting, offset)),
  ]);
  const state = seenState(ordered, await memory.recall(keys), since);
  const matches: FirstSeenMatch[] = [];
  for (const sighting of ordered) {
    const { rule, id, index } = sighting;
    const isLearning = sighting.time < state.startOf(rule) + rule.firstSeen.learnMs;
    const owner = state.ownerAt(sighting);
    const isNew = !isLearning && owner === undefined && !state.isSeen(sighting);
    // Claimed before it is remembered: after a crash between the two, the same event is new again, and its own.
    const isOurs =
      owner === id || (isNew && (await memory.claim(sightingKey(sighting), id, expiryOfSighting(sighting))) === id);
    if (isOurs) matches.push({ index, match: describe(sighting, state.startOf(rule)) });
    state.see(sighting);
  }
  await memory.remember(state.writes());
  return matches;
}

function describe(sighting: Sighting, start: number): FirstSeenMatch["match"] {
  const { rule, tuple, label } = sighting;
  const since = new Date(start).toISOString().slice(0, "2026-12-25".length);
  return {
    rule,
    subject: `${tuple}:${bucketOfSighting(sighting)}`,
    why: `Never before in ${describeDuration(rule.firstSeen.withinMs)}: ${label}. Gatebook has watched this since ${since}.`,
  };
}
