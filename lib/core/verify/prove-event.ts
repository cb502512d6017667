/** The proof that one event is in the log, checked before anybody gets it. */
import type { EntryPlace } from "../evidence/entry-place.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { proveInclusion } from "../evidence/prove.ts";
import { openCheckpoint } from "../evidence/signed-checkpoint.ts";
import { tileHashes } from "../evidence/tile-hashes.ts";
import { checkTlogProof, formatTlogProof, parseTlogProof } from "../evidence/tlog-proof.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { findEvent } from "./find-event.ts";
import { MISSING, notVerified } from "./not-verified.ts";

export interface EventProof extends EntryPlace {
  /** The source's own id of the event. */
  readonly uid: string;
  /** Entries that the proof's checkpoint signs. */
  readonly size: number;
  /** The entry's bytes, which are an audit record in JSON. */
  readonly entry: Uint8Array;
  /** A C2SP proof file. */
  readonly proof: Buffer;
  /** That the proof is checked with. */
  readonly key: VerifierKey;
}

/** One shard of the log, with the key that it is signed with. */
export interface SignedShard {
  readonly shard: number;
  readonly log: LogSource;
  readonly key: VerifierKey;
}

/** @throws INPUT_INVALID for an event that no checkpoint signs; NOT_VERIFIED for a log that does not prove what it signs */
export async function proveEvent(shards: readonly SignedShard[], event: string): Promise<EventProof> {
  const opened = await Promise.all(shards.map(openShard));
  const { shard, index, bytes } = await findEvent(opened, event);
  const own = opened.find((each) => each.shard === shard);
  if (own === undefined) throw new RangeError(`shard ${shard} was not asked for`);
  const { log, key, size, checkpoint } = own;
  const hashes = await proveInclusion(tileHashes(log, size), index, size);
  const proof = formatTlogProof({ index, hashes, checkpoint });
  checkTlogProof(bytes, parseTlogProof(proof), key);
  return { shard, index, uid: decodeRecord(bytes).event.metadata.uid, size, entry: bytes, proof, key };
}

async function openShard(shard: SignedShard) {
  const checkpoint = await shard.log.read("checkpoint");
  if (checkpoint === undefined) throw notVerified("checkpoint", "is missing", MISSING);
  return { ...shard, checkpoint, size: openCheckpoint(checkpoint, shard.key).size };
}
