/** Checkpoints under their log's signature and its witnesses' (https://c2sp.org/tlog-checkpoint#signatures). */
import { GatebookError } from "../errors.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { type NoteSigner, signNote } from "./note-signer.ts";
import { openNote } from "./open-note.ts";
import { formatNote } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

interface Cosigned {
  readonly witness: VerifierKey;
  /** Epoch milliseconds. */
  readonly time: number;
}

export interface OpenedCheckpoint extends Checkpoint {
  /** All that was signed, extension lines included: what a witness cosigns. */
  readonly text: string;
  /** By which of the witnesses asked for, in the note's order. */
  readonly cosigned: readonly Cosigned[];
}

/**
 * @returns the signed note
 * @throws INPUT_INVALID for what is no checkpoint, or for another log's key; NOT_VERIFIED when the signer's two halves do not belong together
 */
export async function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<Buffer> {
  if (signer.key.name !== checkpoint.origin) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the key of ${signer.key.name} cannot sign for the log ${checkpoint.origin}`,
    );
  }
  const text = formatCheckpoint(checkpoint);
  return formatNote({ text, signatures: [await signNote(text, signer)] });
}

/**
 * The log itself must have signed; how many witnesses are enough is the caller's decision.
 *
 * @example
 * const { size, root } = openCheckpoint(bytes, parseVerifierKey("example.com/log+…"));
 * @throws INPUT_INVALID when it is no signed checkpoint; NOT_VERIFIED when it is another log's, when the log did not sign it, or when a
 * signature of the log or of one of these witnesses does not verify
 */
export function openCheckpoint(
  bytes: Uint8Array,
  log: VerifierKey,
  witnesses: readonly VerifierKey[] = [],
): OpenedCheckpoint {
  if (log.algorithm !== "Ed25519") {
    throw new GatebookError("INPUT_INVALID", `${log.name} is a witness's key: give the log's own`);
  }
  const { text, signatures } = openNote(bytes, [log, ...witnesses]);
  if (!signatures.some(({ key }) => key === log)) {
    throw new GatebookError(
      "NOT_VERIFIED",
      `${log.name} (key ${log.keyId}) did not sign the checkpoint, only witnesses did`,
    );
  }
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name) {
    throw new GatebookError(
      "NOT_VERIFIED",
      `the checkpoint is of ${JSON.stringify(checkpoint.origin)}, which ${log.name} signed but is not: take the checkpoint of ${log.name}`,
    );
  }
  const cosigned = signatures.flatMap(({ key, time }) => (time === undefined ? [] : [{ witness: key, time }]));
  return { ...checkpoint, text, cosigned };
}
