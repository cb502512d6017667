/** Checking plain Ed25519 signatures (https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7). */
import { createPublicKey, verify } from "node:crypto";
import { GatebookError } from "../errors.ts";
import { SPKI_PREFIX, type VerifierKey } from "./verifier-key.ts";

export const SIGNATURE_BYTES = 64;

/** @throws NOT_VERIFIED */
export function checkEd25519(key: VerifierKey, message: Uint8Array, signature: Uint8Array): void {
  const spki = Buffer.concat([SPKI_PREFIX, key.publicKey]);
  const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
  if (!verify(null, message, publicKey, signature)) {
    throw new GatebookError(
      "NOT_VERIFIED",
      `the signature of ${key.name} (key ${key.keyId}) does not verify: text or signature were altered, or somebody else signed`,
    );
  }
}
