/** Whether the evidence log is in order, as far as can be told without reading all of it. */
import { GatebookError } from "../errors.ts";
import type { TreeHead } from "../evidence/checkpoint.ts";
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/signed-note.ts";

/** Checkpoints come once a minute: several missed in a row are no hiccup. */
export const MAX_UNSIGNED_MS = 10 * 60 * 1000;

export interface ShardState {
  readonly shard: number;
  readonly head: TreeHead | undefined;
  /** The public checkpoint's bytes. */
  readonly checkpoint: Uint8Array | undefined;
  /** Entries that the log had MAX_UNSIGNED_MS ago. */
  readonly sizeBefore: number;
}

/** @returns a sentence for what is wrong with a shard; `gatebook verify` reads every byte, and this does not */
export function evidenceProblems(shards: readonly ShardState[]): string[] {
  return shards.flatMap((shard) => {
    const problem = problemOf(shard);
    return problem === undefined ? [] : [shard.shard === 0 ? problem : `${problem} (shard ${shard.shard})`];
  });
}

function problemOf({ head, checkpoint, sizeBefore }: ShardState): string | undefined {
  const signed = readCheckpoint(checkpoint);
  if (signed === "unreadable") return "the evidence log's public checkpoint cannot be read";
  const size = signed?.size ?? 0;
  if (size > (head?.size ?? 0))
    return `${size} entries of the evidence log are signed, and its head has ${head?.size ?? 0}`;
  if (signed !== undefined && size > 0 && size === head?.size && signed.root !== head.root)
    return "the evidence log's head has another root than its signed checkpoint";
  if (sizeBefore > size) {
    const minutes = MAX_UNSIGNED_MS / 60_000;
    return `the evidence log has not been signed for more than ${minutes} minutes, although there was something to sign`;
  }
  return undefined;
}

function readCheckpoint(bytes: Uint8Array | undefined): TreeHead | undefined | "unreadable" {
  if (bytes === undefined) return undefined;
  try {
    return parseCheckpoint(parseNote(bytes).text);
  } catch (error) {
    if (error instanceof GatebookError) return "unreadable";
    throw error;
  }
}
