/** Publishing the log's head as a signed checkpoint: what the public has seen can only grow. */
import { GatebookError } from "../errors.ts";
import type { Append } from "./append.ts";
import { checkConsistency } from "./check-proof.ts";
import type { Checkpoint, TreeHead } from "./checkpoint.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { HeadStore } from "./head.ts";
import type { LogSource } from "./log-source.ts";
import { EMPTY_ROOT } from "./merkle.ts";
import type { NoteSigner } from "./note-signer.ts";
import { proveConsistency, readRoot } from "./prove.ts";
import { openCheckpoint, signCheckpoint } from "./signed-checkpoint.ts";
import { tileHashes } from "./tile-hashes.ts";

/** Each lost race means that another publisher got a smaller head in: there is one a minute. */
const MAX_PUBLISH_ATTEMPTS = 3;

export interface PublisherWorld {
  /** The log's name. */
  readonly origin: string;
  /**
   * Whether a log that nothing was recorded in is signed as well: of several shards each has a checkpoint then, and a missing one tells of a shard
   * that was taken away.
   */
  readonly isSignedEmpty?: boolean;
  readonly heads: Pick<HeadStore, "read">;
  /** Called with no entries, to finish what a writer left unfinished. */
  readonly append: Append;
  /** The stored log, which proofs are made from. */
  readonly log: LogSource;
  readonly checkpoints: CheckpointStore;
  /** Its key's name is the log's. */
  readonly signer: NoteSigner;
}

/** `size` is what the public can see now. */
export interface Published {
  readonly outcome: "empty" | "unchanged" | "published" | "overtaken";
  readonly size: number;
}

/**
 * Signs the committed head, once the stored tiles prove that it holds all of the public checkpoint, and publishes it. Called again at any time, it does
 * what is left to do.
 *
 * @example
 * const { outcome, size } = await publish({ origin, heads, append, log, checkpoints, signer });
 * @throws LOG_CORRUPT: stop and page: nothing was signed; HEAD_MOVED when other publishers won every attempt, and what the ports reject with: the next
 * call mends it
 */
export async function publish(world: PublisherWorld): Promise<Published> {
  for (let tries = 0; tries < MAX_PUBLISH_ATTEMPTS; tries += 1) {
    const published = await attempt(world);
    if (published !== undefined) return published;
  }
  throw new GatebookError(
    "HEAD_MOVED",
    `the checkpoint of ${world.origin} moved on during each of ${MAX_PUBLISH_ATTEMPTS} attempts: the next run publishes`,
  );
}

async function attempt(world: PublisherWorld): Promise<Published | undefined> {
  // In this order: what was public before the head was read stands on a head that is not newer. The other way round, a publisher that got in
  // between would look like a checkpoint of entries that the log does not have.
  const shown = await readPublic(world);
  const head = (await world.heads.read()) ?? emptyLog(world);
  if (head === undefined) return refuseShown(world.origin, shown);
  checkNotBehind(head, shown);
  if (shown?.size === head.size) return { outcome: "unchanged", size: head.size };

  // Whoever moved the head may have died before its tiles were stored. Afterwards they are, and so they are if the head has moved on meanwhile: that
  // takes the same first.
  await world.append([]);
  await prove(world, head, shown);
  const bytes = await signCheckpoint(head, world.signer);
  // A crash before this leaves the public where it was; a crash after it leaves nothing to do.
  return replace(world, shown?.etag, head, bytes);
}

function emptyLog({ origin, isSignedEmpty = false }: PublisherWorld): Checkpoint | undefined {
  return isSignedEmpty ? { origin, size: 0, root: EMPTY_ROOT } : undefined;
}

interface Shown extends TreeHead {
  readonly etag: string;
}

/** Only this function's role may write there, so that what does not open is nobody's mistake. */
async function readPublic({ origin, checkpoints, signer }: PublisherWorld): Promise<Shown | undefined> {
  const stored = await checkpoints.read();
  if (stored === undefined) return undefined;
  try {
    const { size, root } = openCheckpoint(stored.bytes, signer.key);
    return { size, root, etag: stored.etag };
  } catch (cause) {
    throw corrupt(`the public checkpoint of ${origin} is not signed by its key: find out who wrote it`, cause);
  }
}

function refuseShown(origin: string, shown: Shown | undefined): Published {
  if (shown === undefined || shown.size === 0) return { outcome: "empty", size: 0 };
  throw corrupt(`${shown.size} entries of ${origin} are public and its head is gone: restore its table`);
}

function checkNotBehind(head: Checkpoint, shown: Shown | undefined): void {
  if (shown === undefined) return;
  if (shown.size > head.size) {
    throw corrupt(
      `${shown.size} entries of ${head.origin} are public and its head has ${head.size}: its table was set back, restore a later one`,
    );
  }
  if (shown.size === head.size && shown.root !== head.root) {
    throw corrupt(`the public checkpoint of ${head.origin} at ${head.size} entries has another root than the head`);
  }
}

async function prove({ log }: PublisherWorld, head: Checkpoint, shown: Shown | undefined): Promise<void> {
  const hashes = tileHashes(log, head.size);
  const root = await readRoot(hashes, head.size);
  if (root !== head.root)
    throw corrupt(`the tiles of ${head.origin} at ${head.size} entries have another root than the head`);
  if (shown === undefined) return;
  const proof = await proveConsistency(hashes, shown.size, head.size);
  try {
    checkConsistency(shown, head, proof);
  } catch (cause) {
    throw corrupt(`the head of ${head.origin} does not hold what was public at ${shown.size} entries`, cause);
  }
}

/** @returns undefined when it is to be tried again, found out by reading wherever the answer leaves it open */
async function replace(
  world: PublisherWorld,
  etag: string | undefined,
  head: Checkpoint,
  bytes: Uint8Array,
): Promise<Published | undefined> {
  try {
    await world.checkpoints.replace(etag, bytes);
    return { outcome: "published", size: head.size };
  } catch (cause) {
    const found = await readPublic(world);
    if (found !== undefined && found.size > head.size) return { outcome: "overtaken", size: found.size };
    if (found?.size === head.size) {
      checkNotBehind(head, found);
      return { outcome: "published", size: head.size };
    }
    if (cause instanceof GatebookError && cause.code === "HEAD_MOVED") return undefined;
    throw cause;
  }
}

function corrupt(message: string, cause?: unknown): GatebookError {
  return new GatebookError("LOG_CORRUPT", message, cause === undefined ? undefined : { cause });
}
