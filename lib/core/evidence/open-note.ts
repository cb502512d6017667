/** Opening a signed note: its text is worth as much as the known keys that signed it (https://c2sp.org/signed-note#signatures). */
import { GatebookError } from "../errors.ts";
import { checkCosignature } from "./cosignature.ts";
import { checkEd25519 } from "./ed25519.ts";
import { type NoteSignature, parseNote } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

interface KnownSignature {
  readonly key: VerifierKey;
  /** When a witness cosigned, epoch milliseconds. Plain signatures have no time. */
  readonly time?: number;
}

export interface OpenedNote {
  readonly text: string;
  /** At least one, in the note's order. A key that signed twice is there twice. */
  readonly signatures: readonly KnownSignature[];
}

/**
 * Signatures of other keys are ignored, since anybody can add some. Which of the known keys are enough is the caller's decision.
 *
 * @example
 * const { text, signatures } = openNote(bytes, [parseVerifierKey("example.com/log+…")]);
 * @throws INPUT_INVALID when it is no signed note; NOT_VERIFIED when no known key signed, or one's signature does not verify
 */
export function openNote(bytes: Uint8Array, keys: readonly VerifierKey[]): OpenedNote {
  const note = parseNote(bytes);
  const signatures = note.signatures.flatMap((signature) => {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    return key === undefined ? [] : [checkSignature(note.text, key, signature)];
  });
  if (signatures.length === 0) {
    const names = keys.map(({ name, keyId }) => `${name} (key ${keyId})`).join(", ");
    throw new GatebookError(
      "NOT_VERIFIED",
      `the note is not signed by ${names === "" ? "any key, as none was given" : names}: check that note and key are of the same log`,
    );
  }
  return { text: note.text, signatures };
}

function checkSignature(text: string, key: VerifierKey, { signature }: NoteSignature): KnownSignature {
  if (key.algorithm === "cosignature/v1") return { key, time: checkCosignature(text, key, signature) };
  checkEd25519(key, Buffer.from(text), signature);
  return { key };
}
