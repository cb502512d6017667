/** Signing a note's text with a key that is kept elsewhere. */
import { GatebookError } from "../errors.ts";
import { checkEd25519 } from "./ed25519.ts";
import type { NoteSignature } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

/**
 * Holds a private key.
 *
 * `sign` resolves with the 64 bytes of plain Ed25519 (RFC 8032) over the message as it is: in KMS, ED25519_SHA_512 with the message type RAW,
 * which takes 4,096 bytes at most. `key` is its public half.
 */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * @throws INPUT_INVALID for a witness's key, whose signatures are made by `cosign`; NOT_VERIFIED when the signer's two halves do not belong
 * together: published, such a signature would make readers refuse the log
 */
export async function signNote(text: string, signer: NoteSigner): Promise<NoteSignature> {
  const { key } = signer;
  if (key.algorithm !== "Ed25519") {
    throw new GatebookError("INPUT_INVALID", `${key.name} is a witness's key: a log signs with a key of type Ed25519`);
  }
  const message = Buffer.from(text);
  const signature = await signer.sign(message);
  checkEd25519(key, message, signature);
  return { name: key.name, keyId: key.keyId, signature };
}
