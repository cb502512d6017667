/** Fingerprints of secrets: HMAC-SHA-256 (RFC 2104), of which so much is kept as tells a log's secrets apart. */
import { createHmac } from "node:crypto";
import { GatebookError } from "../errors.ts";
import type { Fingerprint } from "./secret-range.ts";
import { secretText } from "./secret-text.ts";

const KEY_BYTES_MIN = 32;
/** 48 bits: among ten thousand secrets two are alike once in five million logs, and no rule or scanner takes so few for a hash or a key. */
const FINGERPRINT_CHARS = 12;

/**
 * @param key secret and random. Who has it can try out weak secrets against fingerprints; who has not can only see which are equal.
 * @throws INPUT_INVALID for a key of less than 32 bytes
 *
 * @example
 * const fingerprint = fingerprinter(randomBytes(32));
 * fingerprint("hunter2") === fingerprint('"hunter2"'); // true: quotes, escapes and base64 do not count
 */
export function fingerprinter(key: Uint8Array): Fingerprint {
  if (key.byteLength < KEY_BYTES_MIN) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the key for fingerprints has ${key.byteLength} bytes, ${KEY_BYTES_MIN} at least: put a new random one in its place`,
    );
  }
  return (secret) => createHmac("sha256", key).update(secretText(secret)).digest("hex").slice(0, FINGERPRINT_CHARS);
}
