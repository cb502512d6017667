/** Cosignatures: a witness's word that it saw a log grow up to a checkpoint (https://c2sp.org/tlog-cosignature). */
import { GatebookError } from "../errors.ts";
import { checkEd25519, SIGNATURE_BYTES } from "./ed25519.ts";
import type { NoteSigner } from "./note-signer.ts";
import type { NoteSignature } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

const MS_PER_SECOND = 1000;
const TIMESTAMP_BYTES = 8;

/** The last moment that a Date can hold. The specification allows more. */
const MAX_TIMESTAMP_SECONDS = 8_640_000_000_000;

/**
 * Says that the signer has checked this log's growth, and that of all its checkpoints this is the largest it knows. The specification leaves
 * the witness's name out of what is signed: a witness key must serve one name only.
 *
 * @param text the checkpoint's whole text, extension lines included, without its signatures
 * @param now epoch milliseconds; written in whole seconds
 * @throws INPUT_INVALID for a log's key or a time that cannot be written; NOT_VERIFIED when the signer's two halves do not belong together
 */
export async function cosign(text: string, signer: NoteSigner, now: number): Promise<NoteSignature> {
  const { key } = signer;
  const seconds = Math.floor(now / MS_PER_SECOND);
  if (key.algorithm !== "cosignature/v1") {
    throw new GatebookError(
      "INPUT_INVALID",
      `${key.name} is a log's key: a witness signs with a key of type cosignature/v1`,
    );
  }
  if (!(seconds >= 0 && seconds <= MAX_TIMESTAMP_SECONDS)) {
    throw new GatebookError("INPUT_INVALID", `${now} is not a time that a cosignature can hold: check the clock`);
  }
  const message = cosignedMessage(seconds, text);
  const signature = await signer.sign(message);
  checkEd25519(key, message, signature);
  const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
  timestamp.writeBigUInt64BE(BigInt(seconds));
  return { name: key.name, keyId: key.keyId, signature: Buffer.concat([timestamp, signature]) };
}

/**
 * @param signature the time stamp and the signature, without the key id
 * @returns when it was cosigned, epoch milliseconds
 * @throws NOT_VERIFIED
 */
export function checkCosignature(text: string, key: VerifierKey, signature: Uint8Array): number {
  const bytes = Buffer.from(signature);
  if (bytes.byteLength !== TIMESTAMP_BYTES + SIGNATURE_BYTES) {
    throw notACosignature(key, `has ${bytes.byteLength} bytes instead of ${TIMESTAMP_BYTES + SIGNATURE_BYTES}`);
  }
  const seconds = Number(bytes.readBigUInt64BE());
  if (seconds > MAX_TIMESTAMP_SECONDS) throw notACosignature(key, "has a time stamp that no date can hold");
  checkEd25519(key, cosignedMessage(seconds, text), bytes.subarray(TIMESTAMP_BYTES));
  return seconds * MS_PER_SECOND;
}

function cosignedMessage(seconds: number, text: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function notACosignature(key: VerifierKey, reason: string): GatebookError {
  return new GatebookError("NOT_VERIFIED", `the cosignature of ${key.name} (key ${key.keyId}) ${reason}`);
}
