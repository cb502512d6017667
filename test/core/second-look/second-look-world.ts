/** A log in memory with what waits to be looked at again, and recorders that may know nothing of each other. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryLogSource,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { memoryPendingLooks } from "../../../lib/adapters/memory-pending-looks.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { accessControl } from "../../../lib/core/access/judge-access.ts";
import { createAppender } from "../../../lib/core/evidence/append.ts";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { createJudge } from "../../../lib/core/second-look/judge-again.ts";
import { type LookingWorld, lookAgain } from "../../../lib/core/second-look/look-again.ts";
import { recordsIn } from "../../../lib/core/second-look/record-at.ts";
import { readRecorded } from "../../../lib/core/sources/recorded/recorded.ts";
import { exampleAccess } from "../access/example-access.ts";

const { configuration, policies, decide } = exampleAccess();
const access = accessControl(configuration, async () => decide, policies);
const settings = { configuration, rules: requireRules("rules/detections") };

const START = Date.UTC(2026, 10, 24, 12);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** The messages of a recorded story, as the intake queue has them. */
export function messagesOf(file: string): string[] {
  const lines = readFileSync(`test/events/release/${file}`, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line) =>
    readRecorded(JSON.parse(line), { receivedAt: 0 }).flatMap((read) => (read.outcome === "event" ? [read.body] : [])),
  );
}

export function createWorld(more: Partial<LookingWorld> = {}) {
  let now = START;
  const index = memoryEventIndex();
  const pending = memoryPendingLooks();
  const objects = new Map<string, Uint8Array>();
  const heads = memoryHeadStore();
  const queue: string[] = [];
  const recordAt = recordsIn(memoryLogSource(objects), () => heads);
  let commits = 0;
  const append = createAppender({
    origin: "example/0",
    heads,
    staging: memoryStagingStore(),
    evidence: memoryEvidenceStore(objects),
    index,
    findings: memoryFindingsQueue([]),
    looks: pending,
    now: () => now,
    newCommitId: () => String(++commits),
  });
  const judge = createJudge({ settings, access, sessions: index, mfa: index });

  /** What a recorder makes of messages that come together, by what the index knows by then. */
  const judged = async (bodies: readonly string[]): Promise<AppendEntry[]> => {
    const record = createRecorder({ settings, index, access, mfa: index });
    const { recorded, rejected } = await record(bodies.map((body, i) => ({ id: String(i), body })));
    expect(rejected).toEqual([]);
    return recorded.map((each) => each.append);
  };
  const recordQueue = async (): Promise<void> => {
    await append(await judged(queue.splice(0)));
  };
  const send = async (bodies: readonly string[]) => {
    queue.push(...bodies);
    return bodies.map((_, i) => String(i));
  };
  const run = () =>
    lookAgain({
      ...{ pending, judge, index, recordAt, intake: { send }, latenessMs: 15 * MINUTE },
      ...{ now: () => now, hasTime: () => true, within: (work) => work },
      ...more,
    });
  return {
    judged,
    append,
    pending,
    record: async (bodies: readonly string[]) => append(await judged(bodies)),
    recordQueue,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    /** A run of the function, and what is recorded of what it sent. */
    async look() {
      const looked = await run();
      await recordQueue();
      return looked;
    },
    /** A run of the function whose messages wait in the queue. */
    async sendAlone(): Promise<readonly string[]> {
      const before = queue.length;
      await run();
      return queue.slice(before);
    },
    /** All that is in the log, in its order. */
    async records(): Promise<AuditRecord[]> {
      const size = (await heads.read())?.size ?? 0;
      const all = await Promise.all(Array.from({ length: size }, (_, i) => recordAt({ shard: 0, index: i })));
      return all.filter((each) => each !== undefined);
    },
  };
}

export type World = ReturnType<typeof createWorld>;

export async function findingsOf(world: World): Promise<Finding[]> {
  return (await world.records()).flatMap(({ findings }) => findings);
}

export const SELF_APPROVAL = "Pipeline execution approved by the person who started it";

export async function titlesOf(world: World, title: string): Promise<Finding[]> {
  return (await findingsOf(world)).filter(({ rule }) => rule.title === title);
}

/** Each batch is judged while nothing of the others is written. */
export async function recordApart(world: World, batches: readonly (readonly string[])[]): Promise<void> {
  const judged = await Promise.all(batches.map(world.judged));
  for (const entries of judged) await world.append(entries);
}

export const isOwn = ({ event }: AuditRecord): boolean => event.metadata.event_code === "second-look.differs";
