/** Verifying every shard of a log, each as the whole log that it is. */
import { GatebookError } from "../errors.ts";
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { shardOf } from "../evidence/shard.ts";
import { keysOfShards } from "../evidence/shard-keys.ts";
import { parseNote } from "../evidence/signed-note.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { MISSING, notVerified } from "./not-verified.ts";
import { shardListing, shardReader, shardsIn } from "./shard-archive.ts";
import { type VerifiedLog, type VerifyOptions, verifyLog } from "./verify-log.ts";

type Since = NonNullable<VerifyOptions["since"]>;

export interface VerifyShardsOptions extends Omit<VerifyOptions, "key" | "since"> {
  /** Of the log, or of its shards: each of them must be there. The key of the first checks the others, too. */
  readonly keys: readonly VerifierKey[];
  /** Checkpoints that somebody kept: one of each shard at most. */
  readonly since: readonly Since[];
}

/**
 * @returns what was found of each shard, in the order of their numbers
 * @throws when all were looked at: NOT_VERIFIED with the first thing wrong in each shard that something is wrong with; INPUT_INVALID for keys or
 * checkpoints that say nothing of this log
 */
export async function verifyShards({ keys, since, ...options }: VerifyShardsOptions): Promise<VerifiedLog[]> {
  const { log, listing } = options;
  const known = keysOfShards(keys);
  const expected = keys.length > 1 ? keys.map(({ name }) => shardOf(name)) : [];
  // Another log than ours has no shards, and its server may refuse to be asked for them.
  const present = known.size > 1 ? await shardsIn(log, listing) : [0];
  const shards = [...new Set([...present, ...expected])].sort((a, b) => a - b);
  const kept = sinceByShard(since, shards, known);
  const isOne = shards.length === 1 && shards[0] === 0;
  const verified: VerifiedLog[] = [];
  const failures: GatebookError[] = [];
  for (const shard of shards) {
    const key = known.get(shard);
    try {
      if (key === undefined) throw unknownKey(keys);
      verified.push(
        await verifyLog({
          ...options,
          log: shardReader(log, shard),
          listing: listing && shardListing(listing, shard),
          key,
          since: kept.get(shard),
        }),
      );
    } catch (cause) {
      if (isOne || !(cause instanceof GatebookError)) throw cause;
      failures.push(new GatebookError(cause.code, `shard ${shard}: ${cause.message}`, { cause }));
    }
  }
  const [first] = failures;
  if (first === undefined) return verified;
  const code = failures.some((failure) => failure.code === "NOT_VERIFIED") ? "NOT_VERIFIED" : first.code;
  throw new GatebookError(code, failures.map(({ message }) => message).join("\n"), { cause: first });
}

/** What belongs to no shard that is here goes to the first, whose key then refuses it; but a shard that was signed for has to be here. */
function sinceByShard(
  since: readonly Since[],
  shards: readonly number[],
  keys: ReadonlyMap<number, VerifierKey>,
): Map<number, Since> {
  const byShard = new Map<number, Since>();
  for (const each of since) {
    const origin = originOf(each.note);
    const shard = [...keys].find(([, key]) => key.name === origin)?.[0] ?? shards[0] ?? 0;
    if (!shards.includes(shard))
      throw notVerified(each.name, `is of ${origin}, and nothing of that shard is here`, MISSING);
    if (byShard.has(shard)) {
      throw new GatebookError(
        "INPUT_INVALID",
        `${each.name}: is of the same shard as ${byShard.get(shard)?.name}: give one checkpoint of each, the newest`,
      );
    }
    byShard.set(shard, each);
  }
  return byShard;
}

/** @returns undefined for what is no checkpoint: whoever opens it says what it is */
function originOf(note: Uint8Array): string | undefined {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch (cause) {
    if (cause instanceof GatebookError) return undefined;
    throw cause;
  }
}

function unknownKey(keys: readonly VerifierKey[]): GatebookError {
  return new GatebookError(
    "INPUT_INVALID",
    `${keys.map(({ name }) => name).join(", ")} is not its key: give that of the first shard, which ends in /0, or all of them`,
  );
}
