/** Appending to a log of several shards: each event to the one that its id chooses. */
import type { Append } from "./append.ts";
import type { AppendEntry } from "./append-entry.ts";
import { inEachShard } from "./in-each-shard.ts";
import { ALL_SHARDS, shardFor } from "./shard.ts";

/**
 * One `Append` over those of the shards. Where one shard fails, what the others were given is appended all the same, and the batch that is
 * delivered again counts as duplicates there. `size` is the sum over the shards that the batch went to.
 *
 * Which events are known is the index's to say, and not the shard's: an event that was recorded while there were fewer shards, or more, is known
 * wherever its id leads to now. What a writer had left unfinished in any of them is therefore finished before the first batch. A shard where that
 * fails holds up the batch, which comes again, and not what the others can record.
 *
 * @param appendTo one shard's appender; called once for each that there can be, MAX_SHARDS of them
 * @param shards how many new events are spread over
 */
export function createShardedAppender(appendTo: (shard: number) => Append, shards: number): Append {
  const writers = new Map(ALL_SHARDS.map((shard) => [shard, appendTo(shard)]));
  const behind = new Set(ALL_SHARDS);

  const appendIn = async (shard: number, entries: readonly AppendEntry[]) =>
    (await writers.get(shard)?.(entries)) ?? { recorded: 0, duplicates: 0, size: 0 };

  return async (entries) => {
    const failure = await inEachShard([...behind], async (shard) => {
      await appendIn(shard, []);
      behind.delete(shard);
    }).then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    const batches = splitByShard(entries, shards);
    const appended = await inEachShard([...batches.keys()], (shard) => appendIn(shard, batches.get(shard) ?? []));
    if (failure !== undefined) throw failure.cause;
    const sum = (member: "recorded" | "duplicates" | "size"): number =>
      appended.reduce((total, each) => total + each[member], 0);
    return { recorded: sum("recorded"), duplicates: sum("duplicates"), size: sum("size") };
  };
}

/** In the order in which they came, within each shard. An empty batch stays one, which finishes what is unfinished. */
export function splitByShard(entries: readonly AppendEntry[], shards: number): Map<number, AppendEntry[]> {
  const batches = new Map<number, AppendEntry[]>();
  if (entries.length === 0) for (let shard = 0; shard < shards; shard += 1) batches.set(shard, []);
  for (const entry of entries) {
    const shard = shardFor(entry.index, shards);
    const batch = batches.get(shard);
    if (batch === undefined) batches.set(shard, [entry]);
    else batch.push(entry);
  }
  return batches;
}
