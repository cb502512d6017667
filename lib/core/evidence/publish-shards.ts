/** Publishing every shard of the log, each by itself. */
import { existingShards } from "./existing-shards.ts";
import type { HeadStore } from "./head.ts";
import { inEachShard } from "./in-each-shard.ts";
import type { NoteSigner } from "./note-signer.ts";
import { type Published, type PublisherWorld, publish } from "./publish.ts";
import type { VerifierKey } from "./verifier-key.ts";

export interface PublishedShard {
  readonly world: Omit<PublisherWorld, "signer">;
  /** Asked for until it succeeds once. */
  signer(): Promise<NoteSigner>;
  /** Called after the checkpoint is public. */
  cosign(key: VerifierKey, remainingMs: number): Promise<void>;
}

export interface ShardedPublisherWorld {
  readonly headOf: (shard: number) => Pick<HeadStore, "read">;
  /** How many shards new events are spread over; older ones are published as well. */
  readonly configured: number;
  /** Called once for each shard. */
  open(shard: number): PublishedShard;
}

export interface PublishRun {
  /** How long the caller may still run. */
  readonly remainingMs: () => number;
  /** Told of each shard when its checkpoint is public. */
  onPublished(published: Published & { readonly origin: string }): void;
}

/**
 * @returns a function that publishes all there is to publish; it rejects when all were tried, for those that failed, and what it is called with again
 * does what is left to do
 */
export function createShardedPublisher({
  headOf,
  configured,
  open,
}: ShardedPublisherWorld): (run: PublishRun) => Promise<void> {
  const opened = new Map<number, { readonly parts: PublishedShard; signer?: NoteSigner }>();

  const partsOf = (shard: number) => {
    const known = opened.get(shard) ?? { parts: open(shard) };
    opened.set(shard, known);
    return known;
  };

  return async ({ remainingMs, onPublished }) => {
    const shards = (await existingShards(headOf, configured)).map(({ shard }) => shard);
    const ready = new Map<number, VerifierKey>();
    const publishing = inEachShard(shards, async (shard) => {
      const own = partsOf(shard);
      // A cold start must not fail for good where the key could not be asked for once.
      own.signer ??= await own.parts.signer();
      const isSignedEmpty = configured > 1;
      const published = await publish({ ...own.parts.world, signer: own.signer, isSignedEmpty });
      ready.set(shard, own.signer.key);
      onPublished({ ...published, origin: own.parts.world.origin });
    });
    const failure = await publishing.then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    // Witnesses may take their time: no checkpoint waits for those of another.
    await inEachShard([...ready.keys()], async (shard) => {
      const key = ready.get(shard);
      if (key !== undefined) await partsOf(shard).parts.cosign(key, remainingMs());
    });
    if (failure !== undefined) throw failure.cause;
  };
}
