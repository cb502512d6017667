/** Each minute: buckets whose time is over are judged, and what is found is told. */
import { GatebookError } from "../../errors.ts";
import { concurrently } from "../../evidence/concurrently.ts";
import type { IntakeQueue } from "../../receive/intake-queue.ts";
import { type DetectionMemory, type MemoryBucket, memoryName } from "../memory/detection-memory.ts";
import type { DueBucket, OpenBuckets } from "../memory/open-buckets.ts";
import { isLasting } from "./conditions.ts";
import { type JudgedBucket, judgeBucket } from "./judge-bucket.ts";
import { type CorrelatedRules, type LinkedCorrelation, linkCorrelations } from "./link-correlations.ts";
import { memoryPrefix } from "./touch.ts";

/** Within one run, some seconds of work: more than that is judged a minute later. */
const MAX_DUE = 5_000;
/** Read, told and closed together: 40 MB of memory, if each of them is as large as an item can be. */
const SLICE = 100;
const MAX_CONCURRENT_CALLS = 16;
/** The rules of a deployment reach this function and the one that records a little apart. */
const ORPHANED_AFTER_MS = 60 * 60 * 1000;

export interface ClosingWorld {
  readonly rules: CorrelatedRules;
  readonly memory: Pick<DetectionMemory, "recall">;
  readonly open: OpenBuckets;
  readonly intake: IntakeQueue;
  readonly now: () => number;
  /** Whether another slice can be done in the time that is left. */
  hasTime(): boolean;
}

export interface Closed {
  readonly judged: number;
  readonly findings: number;
  /** Of rules that are there no longer, or were changed. */
  readonly forgotten: number;
  /** Files and lines of correlations that more events belong to than a bucket can hold. */
  readonly cut: ReadonlySet<string>;
}

/**
 * What is found is sent before its bucket is closed. A crash between the two has it sent again, and it is known by its id.
 *
 * @throws GatebookError `UNAVAILABLE` when some could not be judged, after all others were; they are due again
 */
export async function closeBuckets(world: ClosingWorld): Promise<Closed> {
  const closed = { judged: 0, findings: 0, forgotten: 0, cut: new Set<string>() };
  const failures: GatebookError[] = [];
  const judge = judgeWith(world.rules, { now: world.now(), closed, failures });
  const due = await world.open.due(world.now(), MAX_DUE);
  for (let from = 0; from < due.length && (from === 0 || world.hasTime()); from += SLICE) {
    const slice = due.slice(from, from + SLICE);
    const recalled = await world.memory.recall(slice);
    const done = slice.flatMap((each) => judge(each, recalled.get(memoryName(each))) ?? []);
    const messages = done.flatMap(({ message }) => message ?? []);
    if (messages.length > 0) await world.intake.send(messages);
    await concurrently(MAX_CONCURRENT_CALLS, done, ({ key, revision, expires }) =>
      world.open.close(key, revision, expires),
    );
    closed.findings += messages.length;
  }
  const [first] = failures;
  if (first === undefined) return closed;
  throw new GatebookError("UNAVAILABLE", `${failures.length} could not be judged: ${first.message}`, { cause: first });
}

interface Done extends JudgedBucket {
  readonly key: DueBucket;
  readonly revision: number;
}

interface Run {
  readonly now: number;
  readonly closed: { judged: number; forgotten: number; readonly cut: Set<string> };
  readonly failures: GatebookError[];
}

/** @returns undefined for what is left as it is */
function judgeWith(
  rules: CorrelatedRules,
  { now, closed, failures }: Run,
): (key: DueBucket, bucket: MemoryBucket | undefined) => Done | undefined {
  const correlations = closingByPrefix(rules);
  return (key, bucket) => {
    // Closed already, by a run whose words the list has not heard yet.
    if (bucket?.waiting === undefined) return undefined;
    const { members, waiting } = bucket;
    const { revision } = waiting;
    const correlation = correlations.get(key.key.slice(0, key.key.indexOf(":")));
    if (correlation === undefined) {
      if (key.due > now - ORPHANED_AFTER_MS) return undefined;
      closed.forgotten += 1;
      return { key, revision, message: undefined, expires: now };
    }
    try {
      const judged = judgeBucket(correlation, key, { ...waiting, members });
      closed.judged += 1;
      if (waiting.isCut) closed.cut.add(`${correlation.rule.file}:${correlation.rule.line}`);
      return { key, revision, ...judged };
    } catch (cause) {
      // It holds up itself alone.
      const advice = "look at this item of the table of what detections remember, keep a copy and delete it";
      failures.push(new GatebookError("UNAVAILABLE", `${key.key} ${key.bucket}: ${advice}`, { cause }));
      return undefined;
    }
  };
}

function closingByPrefix(rules: CorrelatedRules): ReadonlyMap<string, LinkedCorrelation> {
  const closing = linkCorrelations(rules).linked.filter(({ rule }) => !isLasting(rule));
  return new Map(closing.map((correlation) => [memoryPrefix(correlation.rule), correlation]));
}
