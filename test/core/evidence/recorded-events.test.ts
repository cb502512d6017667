/** Events are read back from the shard that they are in. */
import { expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { recordedEvents } from "../../../lib/core/evidence/recorded-events.ts";
import { ALL_SHARDS } from "../../../lib/core/evidence/shard.ts";
import { recordBytes } from "../verify/recorded-log.ts";
import { eventEntry } from "./log-world.ts";
import { createShardedWorld } from "./sharded-world.ts";

const COUNT = 40;

test("each entry's original is found at its place, and nothing anywhere else", async () => {
  const world = createShardedWorld();
  const originalOf = (event: number): string => `{"event":${event}}`;
  const entries = Array.from({ length: COUNT }, (_, event) => {
    const { event: recorded, ...rest } = JSON.parse(recordBytes(event).toString());
    const record = { ...rest, event: { ...recorded, raw_data: originalOf(event) } };
    return { ...eventEntry(event), bytes: Buffer.from(JSON.stringify(record)) };
  });
  await world.startWorker(3)(entries);
  const events = recordedEvents(memoryLogSource(world.objects), world.headOf);
  const found: (string | undefined)[] = [];
  for (const shard of ALL_SHARDS) {
    const size = (await world.headOf(shard).read())?.size ?? 0;
    for (let index = 0; index < size; index += 1) found.push(await events.rawAt({ shard, index }));
    expect(await events.rawAt({ shard, index: size })).toBeUndefined();
  }
  expect(found.sort()).toEqual(Array.from({ length: COUNT }, (_, event) => originalOf(event)).sort());
});
