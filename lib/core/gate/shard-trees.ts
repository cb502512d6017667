/** The trees that a shard of the evidence log stands by: the one that is signed, and the one that its head has come to since. */
import { GatebookError } from "../errors.ts";
import { parseCheckpoint, type TreeHead } from "../evidence/checkpoint.ts";
import type { HashReader } from "../evidence/hash-reader.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { parseNote } from "../evidence/signed-note.ts";
import { tileHashes } from "../evidence/tile-hashes.ts";
import { isPartialPath } from "../evidence/tile-path.ts";

/** One shard as it stands. */
export interface ShardState {
  readonly shard: number;
  /** Its own objects. */
  readonly log: LogSource;
  /** With when it moved last, epoch milliseconds. */
  readonly head: (TreeHead & { readonly updated: number }) | undefined;
  /** The public checkpoint's bytes. */
  readonly checkpoint: Uint8Array | undefined;
  /** Entries that the log had MAX_UNSIGNED_MS ago. */
  readonly sizeBefore: number;
}

export interface Tree extends TreeHead {
  readonly log: LogSource;
  readonly hashes: HashReader;
}

/** The smaller one first. Who signed the checkpoint is not looked at: `evidenceProblems` does. */
export function treesOf({ log, head, checkpoint }: ShardState): Tree[] {
  const signed = checkpoint && checkpointIn(checkpoint);
  return [...(signed === undefined ? [] : [treeOf(signed, log)]), ...(head === undefined ? [] : [headTree(log, head)])];
}

export function treeOf({ size, root }: TreeHead, log: LogSource): Tree {
  return { size, root, log, hashes: tileHashes(log, size) };
}

/** The head moves before its tiles are stored: one that is missing there is late, and nobody has taken it away. */
export function headTree(log: LogSource, head: TreeHead, onLate: () => void = () => undefined): Tree {
  return treeOf(head, {
    async read(path) {
      const bytes = await log.read(path);
      // Instead of a partial tile, the full one that it became will do.
      const isLast = !isPartialPath(path) || path.startsWith("tile/entries/");
      if (bytes !== undefined || !isLast) return bytes;
      onLate();
      throw new GatebookError("UNAVAILABLE", `${path} of the evidence log is not there yet: ask again in a minute`);
    },
  });
}

function checkpointIn(bytes: Uint8Array): TreeHead | undefined {
  try {
    return parseCheckpoint(parseNote(bytes).text);
  } catch (error) {
    if (error instanceof GatebookError) return undefined;
    throw error;
  }
}
