/** One shard of an evidence log as appending and publishing leave it, for a gate to look at. */
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { rootOf } from "../../../lib/core/evidence/merkle.ts";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import { shardOrigin } from "../../../lib/core/evidence/shard.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { EMPTY_EDGE, growEdge, rangeOf } from "../../../lib/core/evidence/tiles.ts";
import type { ShardState } from "../../../lib/core/gate/shard-trees.ts";
import { testSigner } from "../evidence/test-signers.ts";

export const ORIGIN = "gatebook.acme/111122223333/eu-west-1/0";
/** Just before any gate is asked. */
const UPDATED = Date.parse("2026-11-24T10:14:00Z");
const SEED = Buffer.alloc(32, 5);

export const signerOf = (shard: number, seed = SEED): NoteSigner => testSigner(shardOrigin(ORIGIN, shard), seed);

export interface StoredShard extends Omit<ShardState, "log"> {
  /** Everything that was stored, by path; the log reads from here. */
  readonly objects: Map<string, Uint8Array>;
  readonly log: ShardState["log"];
}

export interface ShardOptions {
  readonly shard?: number;
  /** Entries that the checkpoint signs: all, if left out. */
  readonly signed?: number;
  readonly signer?: NoteSigner;
  /** When the head moved, epoch milliseconds. */
  readonly updated?: number;
}

/** Appended in two batches where not all of it is signed. */
export async function storedShard(
  entries: readonly Uint8Array[],
  { shard = 0, signed = entries.length, signer = signerOf(shard), updated = UPDATED }: ShardOptions = {},
): Promise<StoredShard> {
  const first = growEdge(EMPTY_EDGE, entries.slice(0, signed));
  const second = growEdge(first.edge, entries.slice(signed));
  const objects = new Map<string, Uint8Array>(
    [...first.created, ...second.created].map(({ path, bytes }) => [path, bytes]),
  );
  const treeAt = (edge: typeof first.edge) => ({ size: edge.size, root: rootOf(rangeOf(edge)) });
  const checkpoint =
    signed === 0 ? undefined : await signCheckpoint({ origin: signer.key.name, ...treeAt(first.edge) }, signer);
  const head = entries.length === 0 ? undefined : { ...treeAt(second.edge), updated };
  return { shard, head, checkpoint, sizeBefore: signed, objects, log: memoryLogSource(objects) };
}
