/** Every checkpoint that a log has to agree with, each held against the tree as the entries go by. */
import { GatebookError } from "../errors.ts";
import { type CompactRange, extendRange, HASH_BYTES, type Hash, rootOf } from "../evidence/merkle.ts";
import { type OpenedCheckpoint, openCheckpoint } from "../evidence/signed-checkpoint.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { notVerified, short } from "./not-verified.ts";

export interface NamedCheckpoint {
  readonly name: string;
  readonly checkpoint: OpenedCheckpoint;
}

/** @param name of the file or object, which an error then starts with */
export function openNamed(name: string, note: Uint8Array, key: VerifierKey): NamedCheckpoint {
  try {
    return { name, checkpoint: openCheckpoint(note, key) };
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    throw notVerified(
      name,
      `cannot be trusted: ${cause.message}`,
      "it was forged or damaged, or belongs to another log: compare the verifier key with the one you were given",
      { cause },
    );
  }
}

/**
 * In the order of their sizes, the current one last. Memory does not grow with the history: it is read as the entries are.
 *
 * @throws NOT_VERIFIED when the log was rolled back
 */
export async function* checkpointsInOrder(all: {
  readonly history: AsyncIterable<NamedCheckpoint>;
  readonly since: NamedCheckpoint | undefined;
  readonly current: NamedCheckpoint;
}): AsyncGenerator<NamedCheckpoint> {
  const { current } = all;
  let since = all.since;
  if (since !== undefined) refuseRollback(since, current);
  let previous: NamedCheckpoint | undefined;
  for await (const next of all.history) {
    refuseRollback(next, current);
    if (previous !== undefined) refuseRollback(previous, next);
    if (since !== undefined && since.checkpoint.size <= next.checkpoint.size) {
      yield since;
      since = undefined;
    }
    yield next;
    previous = next;
  }
  if (since !== undefined) yield since;
  yield current;
}

function refuseRollback(older: NamedCheckpoint, newer: NamedCheckpoint): void {
  if (older.checkpoint.size <= newer.checkpoint.size) return;
  throw notVerified(
    newer.name,
    `is of ${newer.checkpoint.size} entries, and the log had signed ${older.checkpoint.size} before (${older.name})`,
    "the log was rolled back: entries that it had signed for are hidden or gone",
  );
}

export interface CheckpointsOnTheWay {
  /** Compares every checkpoint up to and with the end of a tile: `before` is the tree in front of it, `leaves` its hashes. */
  pass(before: CompactRange, leaves: Buffer, width: number): Promise<void>;
  /** How many agreed. */
  count(): number;
}

export function compareCheckpoints(checkpoints: AsyncGenerator<NamedCheckpoint>): CheckpointsOnTheWay {
  let next = checkpoints.next();
  let count = 0;
  return {
    async pass(before, leaves, width) {
      let range = before;
      let reached = 0;
      for (let { value, done } = await next; done !== true; { value, done } = await next) {
        const wanted = value.checkpoint.size - before.size;
        if (wanted > width) return;
        range = extendRange(range, hexHashes(leaves, reached, wanted));
        reached = wanted;
        refuseFork(value, rootOf(range));
        count += 1;
        next = checkpoints.next();
      }
    },
    count: () => count,
  };
}

function hexHashes(leaves: Buffer, from: number, to: number): Hash[] {
  return Array.from({ length: to - from }, (_, i) => {
    const start = (from + i) * HASH_BYTES;
    return leaves.toString("hex", start, start + HASH_BYTES);
  });
}

function refuseFork({ name, checkpoint: { size, root } }: NamedCheckpoint, found: Hash): void {
  if (root === found) return;
  throw notVerified(
    name,
    `signs the root ${short(root)} for the first ${size} entries, and the entries stored here have the root ${short(found)}`,
    `among the entries 0 to ${size - 1} something was rewritten, added or removed, and the tiles were made anew to fit; or the log has forked and shows different people different histories`,
  );
}
