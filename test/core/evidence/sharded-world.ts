/** A log of several shards in memory, and the check that each of them is right and all of them together hold each event once. */
import { expect } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { type Append, createAppender } from "../../../lib/core/evidence/append.ts";
import type { Commit } from "../../../lib/core/evidence/event-index.ts";
import { ALL_SHARDS, shardOrigin, shardPrefix } from "../../../lib/core/evidence/shard.ts";
import { shardEvidence } from "../../../lib/core/evidence/shard-stores.ts";
import { createShardedAppender } from "../../../lib/core/evidence/sharded-append.ts";
import { type Gate, ORIGIN } from "./log-world.ts";
import { readStoredLog } from "./stored-log.ts";

const open: Gate = (_, perform) => perform();

export function createShardedWorld() {
  const objects = new Map<string, Uint8Array>();
  const commits = new Map<string, Commit>();
  const heads = ALL_SHARDS.map(() => memoryHeadStore());
  const staging = memoryStagingStore();
  const evidence = memoryEvidenceStore(objects);
  const index = memoryEventIndex(commits);
  const findings = memoryFindingsQueue();
  let commitCount = 0;

  const headOf = (shard: number) => {
    const store = heads[shard];
    if (store === undefined) throw new RangeError(`there is no shard ${shard}`);
    return store;
  };

  const appendTo = (shard: number, gate: Gate): Append => {
    const own = shardEvidence(evidence, shard);
    return createAppender({
      origin: shardOrigin(ORIGIN, shard),
      heads: {
        read: () => gate(`${shard}: read head`, headOf(shard).read),
        replace: (expected, next) => gate(`${shard}: swap`, () => headOf(shard).replace(expected, next)),
      },
      staging: {
        put: (key, bytes) => gate(`${shard}: stage`, () => staging.put(key, bytes)),
        get: (key) => gate(`${shard}: read staged`, () => staging.get(key)),
      },
      evidence: { create: (path, bytes, type) => gate(`${shard}: put`, () => own.create(path, bytes, type)) },
      index: {
        known: (keys) => gate(`${shard}: read index`, () => index.known(keys)),
        write: (commit) => gate(`${shard}: index`, () => index.write(commit)),
      },
      findings: { send: (batch) => gate(`${shard}: findings`, () => findings.send(batch)) },
      now: () => 1_700_000_000_000,
      newCommitId: () => {
        commitCount += 1;
        return String(commitCount);
      },
    });
  };

  const entriesOf = async (shard: number): Promise<string[]> =>
    readStoredLog(await headOf(shard).read(), (path) => objects.get(shardPrefix(shard) + path));

  return {
    objects,
    headOf,
    entriesOf,
    /** One process, which spreads events over so many shards. */
    startWorker: (shards: number, gate: Gate = open): Append =>
      createShardedAppender((shard) => appendTo(shard, gate), shards),
    /** Each shard verifies, the index knows the place of each entry, and together they hold these events, each once. */
    async expectExactly(events: ReadonlySet<number>): Promise<void> {
      const all: string[] = [];
      for (const shard of ALL_SHARDS) {
        const entries = await entriesOf(shard);
        all.push(...entries);
        const own = [...commits.values()].filter(({ origin }) => origin === shardOrigin(ORIGIN, shard));
        const indexed = own.sort((a, b) => a.from - b.from).flatMap((commit) => commit.entries);
        expect(indexed.map(({ eventKey }) => eventKey.split("#")[1])).toEqual(entries);
      }
      expect(all.sort()).toEqual([...events].map((event) => `e${event}`).sort());
    },
  };
}
