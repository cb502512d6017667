/** The proof that one event is in the log, checked before anybody gets it. */
import type { LogSource } from "../evidence/log-source.ts";
import { proveInclusion } from "../evidence/prove.ts";
import { openCheckpoint } from "../evidence/signed-checkpoint.ts";
import { tileHashes } from "../evidence/tile-hashes.ts";
import { checkTlogProof, formatTlogProof, parseTlogProof } from "../evidence/tlog-proof.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { findEvent } from "./find-event.ts";
import { MISSING, notVerified } from "./not-verified.ts";

export interface EventProof {
  readonly index: number;
  /** The source's own id of the event. */
  readonly uid: string;
  /** Entries that the proof's checkpoint signs. */
  readonly size: number;
  /** The entry's bytes, which are an audit record in JSON. */
  readonly entry: Uint8Array;
  /** A C2SP proof file. */
  readonly proof: Buffer;
}

/** @throws INPUT_INVALID for an event that the checkpoint does not sign; NOT_VERIFIED for a log that does not prove what it signs */
export async function proveEvent(log: LogSource, key: VerifierKey, event: string): Promise<EventProof> {
  const checkpoint = await log.read("checkpoint");
  if (checkpoint === undefined) throw notVerified("checkpoint", "is missing", MISSING);
  const { size } = openCheckpoint(checkpoint, key);
  const { index, bytes } = await findEvent(log, size, event);
  const hashes = await proveInclusion(tileHashes(log, size), index, size);
  const proof = formatTlogProof({ index, hashes, checkpoint });
  checkTlogProof(bytes, parseTlogProof(proof), key);
  return { index, uid: decodeRecord(bytes).event.metadata.uid, size, entry: bytes, proof };
}
