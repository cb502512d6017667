/** Which rules the events of a batch trip: alone, together with others, or for the first time. */
import { GatebookError } from "../errors.ts";
import type { Finding } from "../record/finding.ts";
import { isLasting } from "./correlation/conditions.ts";
import { correlate } from "./correlation/correlator.ts";
import { encodeLatest } from "./correlation/latest-event.ts";
import { type LeaveOpenWorld, leaveOpen } from "./correlation/leave-open.ts";
import { type Correlations, linkCorrelations } from "./correlation/link-correlations.ts";
import { shortEvent, shortId } from "./correlation/member.ts";
import { placeEvent } from "./correlation/place-event.ts";
import { stackProblems } from "./correlation/stack-limits.ts";
import type { Touch } from "./correlation/touch.ts";
import type { Candidate, Match } from "./detection.ts";
import { judgeFirstSeen, looksForFirst, sightingsOf } from "./first-seen.ts";
import { createMatcher } from "./match/detect.ts";
import type { Placeholders } from "./match/placeholders.ts";
import type { DetectionMemory } from "./memory/detection-memory.ts";
import { DEFAULT_LATENESS_MINUTES } from "./memory/open-buckets.ts";
import { transientMemory } from "./memory/transient-memory.ts";
import type { Rule } from "./rule.ts";
import type { RuleSet } from "./rule-set.ts";

const DEFAULT_LATENESS_MS = DEFAULT_LATENESS_MINUTES * 60 * 1000;

/** Which of these events are in the log already. They were judged, and what they would claim now would be recorded by nobody. */
type AreRecorded = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

interface DetectorOptions {
  readonly areRecorded?: AreRecorded;
  /** Is told of an event that a rule failed on, which then matches none; without it, the detector fails. */
  readonly failed?: (position: number, error: unknown) => void;
  /** What a rule says of one event. Asked where that is kept for later: of correlations that wait for the end of their time. */
  readonly findingOf?: (position: number, rule: Match["rule"]) => Finding;
}

/** A list for each of the candidates, in their order. Where no rule with a memory matches, nothing is asked and nothing remembered. */
export type Detector = (
  candidates: readonly Candidate[],
  options?: DetectorOptions,
) => Promise<readonly (readonly Match[])[]>;

export interface DetectorWorld {
  readonly rules: RuleSet;
  readonly placeholders: Placeholders;
  /** Without it, each call is asked about all the events there are: a backtest, the examples of a rule. */
  readonly memory?: DetectionMemory | undefined;
  /** With a memory, how long after its end a time is judged that a later event could judge otherwise. Not longer than `LATENESS_MS`. */
  readonly latenessMs?: number;
}

/** One event that matched a rule. */
interface Hit {
  readonly index: number;
  readonly rule: Rule;
}

/**
 * A batch that comes again, after what was found in it was not recorded, comes to the same matches. What a batch matched is remembered before it
 * resolves; when it rejects, some of that may be remembered: ask again.
 *
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known, or a correlation that cannot run with a memory
 */
export function createDetector({ rules, placeholders, memory, latenessMs }: DetectorWorld): Detector {
  const matching = createMatcher(rules, placeholders);
  const correlations = linkCorrelations(rules);
  const [problem] = memory === undefined ? correlations.problems : stackProblems(rules);
  if (problem !== undefined) {
    throw new GatebookError("RULE_INVALID", `${problem.file}:${problem.line}: ${problem.reason}`);
  }
  const parts = new Set(correlations.linked.flatMap(({ positions }) => [...positions.keys()]));
  const needsMemory = ({ rule }: Hit): boolean => rule.firstSeen !== undefined || parts.has(rule.id);

  return async (candidates, { areRecorded, failed, findingOf } = {}) => {
    const matches: Match[][] = candidates.map(() => []);
    const hits = candidates.flatMap((candidate, index) =>
      attempt(() => matching(candidate).map((rule) => ({ index, rule })), failed && ((error) => failed(index, error))),
    );
    const counted = hits.filter((hit) => needsMemory(hit) && isCounted(candidates[hit.index]));
    const remembering = await withoutRecorded(counted, candidates, areRecorded);
    const alone = hits.filter(({ rule }) => !looksForFirst(rule) && !correlations.silent.has(rule.id));
    for (const { index, rule } of alone) matches[index]?.push({ rule });
    if (remembering.length === 0) return matches;

    const waits = memory && {
      memory,
      latenessMs: latenessMs ?? DEFAULT_LATENESS_MS,
      describe: describeWith(findingOf),
    };
    const found = await recallAndJudge(correlations, remembering, candidates, waits);
    for (const { index, match } of found) matches[index]?.push(match);
    return matches;
  };
}

function isCounted(candidate: Candidate | undefined): boolean {
  return candidate !== undefined && Number.isFinite(candidate.time) && candidate.isEcho !== true;
}

function describeWith(findingOf: DetectorOptions["findingOf"]): LeaveOpenWorld["describe"] {
  return ({ source: { index }, place: { label } }, rule) => {
    if (findingOf === undefined) {
      const place = `${rule.file}:${rule.line}`;
      throw new GatebookError("RULE_INVALID", `${place}: waits for the end of its time, and nobody tells what to keep`);
    }
    return encodeLatest({ label, finding: findingOf(index, rule) });
  };
}

function attempt(match: () => Hit[], failed: ((error: unknown) => void) | undefined): Hit[] {
  if (failed === undefined) return match();
  try {
    return match();
  } catch (error) {
    failed(error);
    return [];
  }
}

interface Found {
  readonly index: number;
  readonly match: Match;
}

async function recallAndJudge(
  correlations: Correlations,
  hits: readonly Hit[],
  candidates: readonly Candidate[],
  waits: LeaveOpenWorld | undefined,
): Promise<Found[]> {
  const memory = waits?.memory ?? transientMemory();
  const since = waits === undefined ? earliestOf(candidates) : undefined;
  const sightings = hits.flatMap(({ index, rule }) => {
    const candidate = candidates[index];
    return looksForFirst(rule) && candidate !== undefined ? sightingsOf(rule, candidate, index) : [];
  });
  const first = sightings.length === 0 ? [] : await judgeFirstSeen(sightings, memory, since);
  const parts = [
    ...hits.filter(({ rule }) => !looksForFirst(rule)),
    ...first.map(({ index, match: { rule } }) => ({ index, rule })),
  ];
  const correlated = await correlateAll(correlations, parts, candidates, { memory, waits });
  return [...first.filter(({ match: { rule } }) => !correlations.silent.has(rule.id)), ...correlated];
}

async function withoutRecorded(
  hits: readonly Hit[],
  candidates: readonly Candidate[],
  areRecorded: AreRecorded | undefined,
): Promise<readonly Hit[]> {
  if (hits.length === 0 || areRecorded === undefined) return hits;
  const idOf = ({ index }: Hit): string => candidates[index]?.id ?? "";
  const recorded = await areRecorded([...new Set(hits.map(idOf))]);
  return hits.filter((hit) => !recorded.has(idOf(hit)));
}

function earliestOf(candidates: readonly Candidate[]): number {
  // Not by spreading: a backtest has more events than a call takes arguments.
  return candidates.reduce((earliest, { time }) => (time < earliest ? time : earliest), Number.POSITIVE_INFINITY);
}

async function correlateAll(
  { linked }: Correlations,
  hits: readonly Hit[],
  candidates: readonly Candidate[],
  { memory, waits }: { readonly memory: DetectionMemory; readonly waits: LeaveOpenWorld | undefined },
): Promise<Found[]> {
  const touches = new Map<string, Touch[]>();
  const touch = (correlation: string, more: readonly Touch[]): void => {
    const known = touches.get(correlation) ?? [];
    touches.set(correlation, known);
    for (const each of more) known.push(each);
  };
  for (const correlation of linked) {
    for (const hit of hits) touch(correlation.rule.id, touchesOf(correlation, hit, candidates));
  }
  const matches: Found[] = [];
  for (const correlation of linked) {
    const touched = touches.get(correlation.rule.id) ?? [];
    if (touched.length === 0) continue;
    if (waits !== undefined && !isLasting(correlation.rule)) {
      await leaveOpen(correlation, touched, waits);
      continue;
    }
    const found = await correlate(correlation, touched, memory);
    matches.push(...found.matches);
    for (const [above, more] of found.above) touch(above, more);
  }
  return matches;
}

function touchesOf(
  correlation: Correlations["linked"][number],
  { index, rule }: Hit,
  candidates: readonly Candidate[],
): Touch[] {
  const position = correlation.positions.get(rule.id);
  const candidate = candidates[index];
  if (position === undefined || candidate === undefined) return [];
  const { places, above } = placeEvent(correlation, rule, candidate);
  const id = shortId(candidate.id);
  const { time } = candidate;
  return places.map((place) => ({
    place,
    member: { time, id, position, token: place.token, event: shortEvent(candidate.event), above },
    source: { index, id, time },
  }));
}
