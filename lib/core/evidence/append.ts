/** Appending to the log, so that a crash after any step loses nothing, doubles nothing and forks nothing. */
import { GatebookError } from "../errors.ts";
import { type AppendEntry, checkAppendEntry, payloadObject } from "./append-entry.ts";
import { type BatchPorts, carryOut, createObjects } from "./carry-out.ts";
import { type EventIndex, keyName, lastingName } from "./event-index.ts";
import type { Head, HeadStore } from "./head.ts";
import { planBatch } from "./plan-batch.ts";
import { splitCommits } from "./split-commits.ts";
import { decodeStagedBatch, encodeStagedBatch } from "./staged-batch.ts";
import { edgeOfHead } from "./staged-edge.ts";
import type { StagingStore } from "./staging-store.ts";
import { type Edge, EMPTY_EDGE } from "./tiles.ts";

/** Each lost race means that another writer got a batch in. */
export const MAX_APPEND_ATTEMPTS = 10;

export interface AppenderWorld extends BatchPorts {
  /** The log's name. */
  readonly origin: string;
  readonly heads: HeadStore;
  readonly staging: StagingStore;
  readonly index: EventIndex;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Different on each call, in any process: a random UUID. */
  readonly newCommitId: () => string;
}

interface Appended {
  /** Entries that are in the log because of this call. */
  readonly recorded: number;
  /** Entries that were in the log already, or came twice in the batch. */
  readonly duplicates: number;
  /** Entries in the log now. */
  readonly size: number;
}

/**
 * Appends a batch of any size, in as many commits as it takes. Once it resolves, every entry is in the log and in the index, and its findings are on their way. When it rejects, some or
 * all of the entries may be in the log: append the same batch again, and what is there already counts as a duplicate. An empty batch
 * finishes what another writer left unfinished.
 *
 * @throws HEAD_MOVED when other writers won every attempt; INPUT_INVALID for an entry that the log cannot take; LOG_CORRUPT: stop and page
 */
export type Append = (entries: readonly AppendEntry[]) => Promise<Appended>;

interface Position {
  readonly commit: string | undefined;
  readonly edge: Edge;
}

/**
 * @example
 * const append = createAppender({ origin, heads, staging, evidence, index, findings, now: Date.now, newCommitId: randomUUID });
 * const { recorded, duplicates } = await append(entries);
 */
export function createAppender(world: AppenderWorld): Append {
  /** The head that this process has carried out to the end. */
  let finished: Position = { commit: undefined, edge: EMPTY_EDGE };
  let previous: Promise<unknown> = Promise.resolve();

  async function attempt(entries: readonly AppendEntry[]): Promise<Appended | undefined> {
    const head = await world.heads.read();
    // Whoever moved the head may have died before its objects, index entries and findings were stored. This comes before every swap: once the
    // head names a later batch, nothing leads to the unfinished one any more.
    if (head !== undefined && head.commit !== finished.commit) finished = await rollForward(world, head);
    if (head === undefined && finished.commit !== undefined) throw headIsGone(world.origin);

    // The index now holds everything up to the head, so a redelivery and a second path are seen here.
    const fresh = await withoutKnown(world.index, entries);
    const duplicates = entries.length - fresh.length;
    if (fresh.length === 0) return { recorded: 0, duplicates, size: head?.size ?? 0 };

    // Payloads and the staged batch are named by their content. A crash from here to the swap leaves garbage that no later attempt can
    // trip over. A tile could not be stored yet: its path says a position, and the attempt that gets there may hold other bytes.
    await createObjects(world.evidence, payloadsOf(fresh));
    const plan = planBatch({ origin: world.origin, head, edge: finished.edge, entries: fresh, now: world.now() });
    const { key, bytes } = encodeStagedBatch(plan.batch);
    await world.staging.put(key, bytes);

    // The commit. Before it nothing happened; after it the batch is in the log for good, and a crash at any later point is finished from the
    // staged batch by the next append, here or elsewhere.
    const next: Head = { ...plan.head, staged: key, commit: world.newCommitId() };
    if (!(await swap(world.heads, head, next))) return undefined;

    // The entries may be acknowledged only when this is done, since only then does the index know them.
    await carryOut(world, plan.batch);
    finished = { commit: next.commit, edge: plan.edge };
    return { recorded: fresh.length, duplicates, size: next.size };
  }

  async function appendInTurn(entries: readonly AppendEntry[]): Promise<Appended> {
    for (let tries = 0; tries < MAX_APPEND_ATTEMPTS; tries += 1) {
      const appended = await attempt(entries);
      if (appended !== undefined) return appended;
    }
    throw new GatebookError(
      "HEAD_MOVED",
      `${world.origin} moved on during each of ${MAX_APPEND_ATTEMPTS} attempts: deliver the batch again, or let fewer writers run`,
    );
  }

  async function appendAll(entries: readonly AppendEntry[]): Promise<Appended> {
    let total: Appended = { recorded: 0, duplicates: 0, size: 0 };
    for (const commit of splitCommits(entries)) {
      const { recorded, duplicates, size } = await appendInTurn(commit);
      total = { recorded: total.recorded + recorded, duplicates: total.duplicates + duplicates, size };
    }
    return total;
  }

  return async (entries) => {
    for (const entry of entries) checkAppendEntry(entry);
    // One at a time: two attempts of one process could only take the head from each other.
    const appending = previous.then(() => appendAll(entries));
    previous = appending.catch(() => undefined);
    return appending;
  };
}

async function rollForward(world: AppenderWorld, head: Head): Promise<Position> {
  const bytes = await world.staging.get(head.staged);
  if (bytes === undefined) {
    throw new GatebookError(
      "LOG_CORRUPT",
      `${head.staged}, which the head of ${head.origin} at ${head.size} entries stands on, is gone: restore it before appending`,
    );
  }
  const batch = decodeStagedBatch(head.staged, bytes);
  const edge = edgeOfHead(head, batch);
  await carryOut(world, batch);
  return { commit: head.commit, edge };
}

function headIsGone(origin: string): GatebookError {
  return new GatebookError("LOG_CORRUPT", `the head of ${origin} is gone: restore its table before appending`);
}

/** Drops what the index holds, and all but the first of equal keys or identities. */
async function withoutKnown(index: EventIndex, entries: readonly AppendEntry[]): Promise<AppendEntry[]> {
  const nameOf = (entry: AppendEntry): string => lastingName(entry.index);
  const byName = new Map(entries.toReversed().map((entry) => [nameOf(entry), entry]));
  if (byName.size === 0) return [];
  const known = await index.known([...byName.values()].map((entry) => entry.index));
  return entries.filter((entry) => byName.get(nameOf(entry)) === entry && !known.has(keyName(entry.index)));
}

function payloadsOf(entries: readonly AppendEntry[]) {
  return entries.flatMap(({ payload }) => (payload === undefined ? [] : [payloadObject(payload)]));
}

/** @returns whether the head is now `next`, found out by reading it wherever the answer leaves it open */
async function swap(heads: HeadStore, expected: Head | undefined, next: Head): Promise<boolean> {
  try {
    await heads.replace(expected, next);
    return true;
  } catch (cause) {
    const found = await heads.read();
    if (found?.commit === next.commit) return true;
    // Ours may have gone through and been built upon since. Starting over is right either way: the index then knows the entries.
    const hasMoved = found?.commit !== expected?.commit;
    if (hasMoved || (cause instanceof GatebookError && cause.code === "HEAD_MOVED")) return false;
    throw cause;
  }
}
