/** Records read back from the log by what the index says of them: each proved to be in the log, and to be what the index says. */
import { GatebookError } from "../errors.ts";
import { checkInclusion } from "../evidence/check-proof.ts";
import { concurrently } from "../evidence/concurrently.ts";
import { formatPlace } from "../evidence/entry-place.ts";
import { leafHash } from "../evidence/merkle.ts";
import { proveInclusion } from "../evidence/prove.ts";
import { readEntries } from "../evidence/read-entries.ts";
import { TILE_WIDTH } from "../evidence/tile-path.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { decodeRecord } from "../record/decode-record.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { wrongClaim } from "./index-claims.ts";
import { type ShardState, type Tree, treesOf } from "./shard-trees.ts";
import { type Checked, unlessWrong } from "./unless-wrong.ts";

/** Each may have 15 MB. */
const MAX_BUNDLES_AT_ONCE = 8;

/** What the index says of a record, and the record. */
export interface ReadRecord {
  readonly entry: IndexEntry;
  readonly record: AuditRecord;
}

export interface ReadRecords {
  /** In the order that was asked. */
  readonly records: readonly ReadRecord[];
  /** A clause for each that is not there as it was recorded. */
  readonly unproven: readonly string[];
}

/** Entries of one bundle, read under one tree, by their place in the shard. */
interface Group {
  readonly tree: Tree;
  readonly entries: Map<number, IndexEntry[]>;
}

/** @throws what the log rejects with, and `UNAVAILABLE` for what is not in it yet */
export async function readRecords(shards: readonly ShardState[], entries: readonly IndexEntry[]): Promise<ReadRecords> {
  const read = new Map<IndexEntry, Checked<AuditRecord>>();
  await concurrently(MAX_BUNDLES_AT_ONCE, groupsOf(shards, entries), async (group) => {
    const found = await unlessWrong(() => readGroup(group));
    for (const entry of [...group.entries.values()].flat()) {
      read.set(entry, "wrong" in found ? found : confirmed(entry, found.right));
    }
  });
  return {
    records: entries.flatMap((entry) => {
      const found = read.get(entry);
      return found !== undefined && "right" in found ? [{ entry, record: found.right }] : [];
    }),
    unproven: [...read].flatMap(([entry, found]) => ("wrong" in found ? [sentence(entry, found.wrong)] : [])),
  };
}

function confirmed(
  entry: IndexEntry,
  read: ReadonlyMap<number | undefined, Checked<AuditRecord>>,
): Checked<AuditRecord> {
  const found = read.get(entry.logIndex) ?? { wrong: "there is no such place" };
  const wrong = "right" in found ? wrongClaim(entry, found.right) : undefined;
  return wrong === undefined ? found : { wrong };
}

/** The signed tree first: what stands under it was stored before it was signed. */
function groupsOf(shards: readonly ShardState[], entries: readonly IndexEntry[]): Iterable<Group> {
  const trees = new Map(shards.map((state) => [state.shard, treesOf(state)]));
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const { shard = 0, logIndex = Number.NaN } = entry;
    const tree = trees.get(shard)?.find(({ size }) => logIndex < size);
    if (tree === undefined) {
      throw new GatebookError("UNAVAILABLE", "one of them is not in the log yet: ask again in a minute");
    }
    const name = `${shard}/${tree.size}/${Math.floor(logIndex / TILE_WIDTH)}`;
    const group = groups.get(name) ?? { tree, entries: new Map() };
    group.entries.set(logIndex, [...(group.entries.get(logIndex) ?? []), entry]);
    groups.set(name, group);
  }
  return groups.values();
}

async function readGroup({ tree, entries }: Group): Promise<Map<number, Checked<AuditRecord>>> {
  const read = new Map<number, Checked<AuditRecord>>();
  const [from, to] = [Math.min(...entries.keys()), Math.max(...entries.keys()) + 1];
  for await (const { index, bytes } of readEntries(tree.log, { size: tree.size, from, to })) {
    if (!entries.has(index)) continue;
    const record = await unlessWrong(async () => {
      checkInclusion(leafHash(bytes), index, tree, await proveInclusion(tree.hashes, index, tree.size));
      return decodeRecord(bytes);
    });
    read.set(index, record);
  }
  return read;
}

function sentence({ shard = 0, logIndex: index = Number.NaN }: IndexEntry, problem: string): string {
  return `entry ${formatPlace({ shard, index })} of the evidence log is not as it was recorded: ${problem}`;
}
