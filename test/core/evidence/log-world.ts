/** A log in memory with gates before each of its stores, where tests let things go wrong, and the check that nothing did. */
import { expect } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { type Append, createAppender } from "../../../lib/core/evidence/append.ts";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import type { Commit } from "../../../lib/core/evidence/event-index.ts";
import type { Head } from "../../../lib/core/evidence/head.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { readStoredLog } from "./stored-log.ts";

export const ORIGIN = "evidence.example/acme/0";

/** Everything that is durable. */
export interface Stored {
  readonly head: Head | undefined;
  readonly staged: ReadonlyMap<string, Uint8Array>;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly commits: ReadonlyMap<string, Commit>;
  readonly sent: readonly Finding[];
}

export const NOTHING: Stored = { head: undefined, staged: new Map(), objects: new Map(), commits: new Map(), sent: [] };

/** Every call of a store goes through the gate of the worker that makes it. */
export type Gate = <T>(step: string, perform: () => Promise<T>) => Promise<T>;

const open: Gate = (_, perform) => perform();

export function createLogWorld(from: Stored = NOTHING) {
  const staged = new Map(from.staged);
  const objects = new Map(from.objects);
  const commits = new Map(from.commits);
  const sent = [...from.sent];
  const heads = memoryHeadStore(from.head);
  const staging = memoryStagingStore(staged);
  const evidence = memoryEvidenceStore(objects);
  const index = memoryEventIndex(commits);
  const findings = memoryFindingsQueue(sent);
  let commitCount = 0;

  const startWorker = (gate: Gate = open): Append =>
    createAppender({
      origin: ORIGIN,
      heads: {
        read: () => gate("read head", heads.read),
        replace: (expected, next) => gate("swap", () => heads.replace(expected, next)),
      },
      staging: {
        put: (key, bytes) => gate("stage", () => staging.put(key, bytes)),
        get: (key) => gate("read staged", () => staging.get(key)),
      },
      evidence: { create: (path, bytes, type) => gate(`put ${path}`, () => evidence.create(path, bytes, type)) },
      index: {
        known: (keys) => gate("read index", () => index.known(keys)),
        write: (commit) => gate("index", () => index.write(commit)),
      },
      findings: { send: (batch) => gate("findings", () => findings.send(batch)) },
      now: () => 1_700_000_000_000,
      newCommitId: () => {
        commitCount += 1;
        return `${from.head?.version ?? 0}-${commitCount}`;
      },
    });

  const stored = async (): Promise<Stored> => ({ head: await heads.read(), staged, objects, commits, sent });
  return { startWorker, stored };
}

export function eventEntry(event: number): AppendEntry {
  const eventKey = `2026-11-22T08:00:00.000Z#e${event}`;
  const index = { principal: "ana", eventKey, action: "other", operation: "Op" } as const;
  const finding: Finding = {
    uid: `f${event}`,
    rule: { id: "every-third", title: "Every third event" },
    level: "low",
    time: 1_700_000_000_000,
    principal: "ana",
    action: "other",
    operation: "Op",
    event: `e${event}`,
    granted: { by: "unknown" },
    why: "It is one in three.",
    next: [],
  };
  return { bytes: Buffer.from(`e${event}`), index, findings: event % 3 === 0 ? [finding] : [] };
}

export function eventRange(from: number, to: number): AppendEntry[] {
  return Array.from({ length: to - from }, (_, i) => eventEntry(from + i));
}

/** The whole log verifies, holds each of these events once and no other, and index and findings agree with it from `indexedFrom` on. */
export async function expectExactly(
  world: ReturnType<typeof createLogWorld>,
  events: ReadonlySet<number>,
  indexedFrom = 0,
): Promise<void> {
  const { head, objects, commits, sent } = await world.stored();
  const entries = readStoredLog(head, (path) => objects.get(path));
  expect(entries.length).toBe(events.size);
  expect(new Set(entries).size).toBe(events.size);
  expect(entries.filter((entry) => !events.has(Number(entry.slice(1))))).toEqual([]);

  const indexed = [...commits.values()].filter(({ from }) => from >= indexedFrom).sort((a, b) => a.from - b.from);
  const end = indexed.reduce((size, { from, size: next }) => (from === size ? next : Number.NaN), indexedFrom);
  expect(end).toBe(events.size);
  const keys = indexed.flatMap((commit) => commit.entries.map(({ eventKey }) => eventKey.split("#")[1]));
  expect(keys).toEqual(entries.slice(indexedFrom));

  const found = new Set(sent.map(({ uid }) => uid.slice(1)));
  const silent = entries
    .slice(indexedFrom)
    .filter((entry) => Number(entry.slice(1)) % 3 === 0 && !found.has(entry.slice(1)));
  expect(silent).toEqual([]);
}
