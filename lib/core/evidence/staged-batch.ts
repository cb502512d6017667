/** A staged batch: all that is left to do once the head has moved, in one self-contained object. */
import { hash } from "node:crypto";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { GatebookError } from "../errors.ts";
import type { Finding } from "../record/finding.ts";
import type { Commit } from "./event-index.ts";
import type { LogObject } from "./log-object.ts";
import type { Hash } from "./merkle.ts";
import { StagedHeader } from "./staged-header.ts";

/** Unpacked. Holds 10,000 entries of common size several times over; a function has memory for it. */
const MAX_STAGED_BYTES = 256 * 1024 * 1024;

export interface StagedBatch extends Commit {
  /** The log's root after this batch. */
  readonly root: Hash;
  /** What the batch creates, byte for byte. */
  readonly created: readonly LogObject[];
  /** Partials of this size that an earlier batch created: with these, the next append needs to read no tile. */
  readonly carried: readonly LogObject[];
  readonly findings: readonly Finding[];
}

/** A big-endian uint32 before the header says how long it is; the bytes of all objects follow, in its order. */
const LENGTH_BYTES = 4;

/**
 * The same batch gives the same bytes, and the name is made of them.
 *
 * @throws INPUT_INVALID for what could not be read back. Refused here, nothing has moved; once a head names such a batch, the log stands still.
 */
export function encodeStagedBatch(batch: StagedBatch): { key: string; bytes: Buffer } {
  const { origin, time, from, size, root, entries, findings } = batch;
  const created = batch.created.map(describe);
  const carried = batch.carried.map(describe);
  const header = JSON.stringify({ v: 1, origin, time, from, size, root, created, carried, entries, findings });
  const readBack = StagedHeader.safeParse(JSON.parse(header));
  if (!readBack.success) {
    throw new GatebookError("INPUT_INVALID", `the batch cannot be staged: ${readBack.error.message}`);
  }
  const unpacked = pack(header, [...batch.created, ...batch.carried]);
  if (unpacked.byteLength > MAX_STAGED_BYTES) {
    throw new GatebookError(
      "INPUT_INVALID",
      `a batch of ${entries.length} entries takes ${unpacked.byteLength} bytes, ${MAX_STAGED_BYTES} at most: append fewer at a time`,
    );
  }
  const bytes = gzipSync(unpacked, { level: constants.Z_BEST_SPEED });
  return { key: stagedKey(bytes), bytes };
}

/**
 * The staging bucket is not locked, so its content is checked as hostile input: first against its name, which stands in the head.
 *
 * @throws LOG_CORRUPT when the bytes are not what was staged under this key
 */
export function decodeStagedBatch(key: string, bytes: Uint8Array): StagedBatch {
  if (stagedKey(bytes) !== key) throw corrupt(key, "its bytes have another SHA-256");
  try {
    return unpack(gunzipSync(bytes, { maxOutputLength: MAX_STAGED_BYTES }));
  } catch (cause) {
    throw corrupt(key, cause instanceof Error ? cause.message : "it cannot be unpacked", { cause });
  }
}

function describe({ path, contentType, bytes }: LogObject): StagedHeader["created"][number] {
  return { path, contentType, length: bytes.byteLength };
}

function pack(header: string, objects: readonly LogObject[]): Buffer {
  const encoded = Buffer.from(header);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32BE(encoded.byteLength);
  return Buffer.concat([length, encoded, ...objects.map((object) => object.bytes)]);
}

function stagedKey(bytes: Uint8Array): string {
  return `staged/${hash("sha256", bytes, "hex")}`;
}

function unpack(unpacked: Buffer): StagedBatch {
  const headerEnd = LENGTH_BYTES + unpacked.readUInt32BE(0);
  const header = StagedHeader.parse(JSON.parse(unpacked.toString("utf8", LENGTH_BYTES, headerEnd)));
  let offset = headerEnd;
  const take = ({ path, contentType, length }: StagedHeader["created"][number]): LogObject => {
    const bytes = unpacked.subarray(offset, offset + length);
    offset += length;
    return { path, contentType, bytes };
  };
  const created = header.created.map(take);
  const carried = header.carried.map(take);
  if (offset !== unpacked.byteLength) {
    throw new RangeError(`its objects take ${offset} bytes and there are ${unpacked.byteLength}`);
  }
  if (header.from + header.entries.length !== header.size) {
    throw new RangeError(`${header.entries.length} entries do not lead from ${header.from} to ${header.size}`);
  }
  const { v, ...batch } = header;
  return { ...batch, created, carried };
}

function corrupt(key: string, reason: string, options?: ErrorOptions): GatebookError {
  return new GatebookError("LOG_CORRUPT", `${key} is not the batch that was staged: ${reason}`, options);
}
