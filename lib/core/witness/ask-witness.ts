/** A log's side: asking one witness for its cosignature on a checkpoint (https://c2sp.org/tlog-witness#add-checkpoint). */
import { GatebookError } from "../errors.ts";
import { parseDecimal } from "../evidence/canonical-decimal.ts";
import { checkCosignature } from "../evidence/cosignature.ts";
import type { Hash } from "../evidence/merkle.ts";
import { type NoteSignature, parseNote } from "../evidence/signed-note.ts";
import { formatAddCheckpointRequest } from "./add-checkpoint-request.ts";
import type { Witness, WitnessAnswer, WitnessClient } from "./witness-client.ts";
import { SIZE_TYPE } from "./witness-reply.ts";

export interface WitnessQuestion {
  /** The checkpoint's. */
  readonly size: number;
  readonly text: string;
  /** The checkpoint under the log's own signature. */
  readonly note: Uint8Array;
  /** That the tree of this size is the checkpoint's beginning. */
  readonly prove: (oldSize: number) => Promise<readonly Hash[]>;
}

/**
 * Two requests at most: a witness that cosigned another size last says which, and is asked again from there.
 *
 * @param lastSize that the witness is thought to have cosigned last; 0 where nobody knows
 * @returns a cosignature that verifies
 * @throws UNAVAILABLE when there is no answer or none that can be used; NOT_VERIFIED when the witness does not agree with the log
 */
export async function askWitness(
  witness: Witness,
  question: WitnessQuestion,
  { client, lastSize }: { readonly client: WitnessClient; readonly lastSize: number },
): Promise<NoteSignature> {
  const guess = lastSize <= question.size ? lastSize : 0;
  const first = await submit(witness, question, { client, oldSize: guess });
  if (typeof first !== "number") return first;
  if (first > question.size) {
    throw disagreed(
      witness,
      `has cosigned ${first} entries, and the public checkpoint has ${question.size}: the log was set back, or the witness lies`,
    );
  }
  const second = await submit(witness, question, { client, oldSize: first });
  if (typeof second !== "number") return second;
  throw unusable(witness, `asked for the old size ${first}, and now for ${second}`);
}

/** @returns the cosignature, or the size that the proof has to start from */
async function submit(
  witness: Witness,
  { size, text, note, prove }: WitnessQuestion,
  { client, oldSize }: { readonly client: WitnessClient; readonly oldSize: number },
): Promise<NoteSignature | number> {
  const request = formatAddCheckpointRequest({ oldSize, proof: await prove(oldSize), note });
  const answer = await client.addCheckpoint(witness.url, request);
  if (answer.status === 200) return readCosignature(witness, text, answer.body);
  const other = answer.status === 409 && answer.type === SIZE_TYPE ? readSize(witness, answer) : undefined;
  if (other !== undefined && other !== oldSize) return other;
  // Asked for the size that it was given, it is the root that it knows another one of.
  if (answer.status === 409 || answer.status === 422) {
    throw disagreed(
      witness,
      `answers ${answer.status} to the growth from ${oldSize} to ${size} entries: what it cosigned before is another history`,
    );
  }
  throw unusable(
    witness,
    `answers ${answer.status}: see whether it is its address, and whether it knows the log's key`,
  );
}

function readSize(witness: Witness, { body }: WitnessAnswer): number {
  const size = parseDecimal(/^(.*)\n$/.exec(Buffer.from(body).toString("latin1"))?.[1] ?? "");
  if (size === undefined) throw unusable(witness, "does not say which size it cosigned last");
  return size;
}

/** Of several, since a witness may answer with those of other keys, too. All of its own have to verify. */
function readCosignature(witness: Witness, text: string, body: Uint8Array): NoteSignature {
  const { key } = witness;
  const answered = parseAnswer(witness, Buffer.concat([Buffer.from(`${text}\n`), body]));
  // An empty line in the answer would have made some of it text.
  if (answered.text !== text) throw unusable(witness, "does not answer with signature lines");
  const [newest] = answered.signatures
    .filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
    .map((signature) => ({ signature, time: checkCosignature(text, key, signature.signature) }))
    .sort((one, other) => other.time - one.time);
  if (newest === undefined) throw unusable(witness, `does not sign with the key ${key.keyId} that it is known by`);
  return newest.signature;
}

function parseAnswer(witness: Witness, note: Uint8Array): ReturnType<typeof parseNote> {
  try {
    return parseNote(note);
  } catch (cause) {
    throw unusable(witness, "does not answer with signature lines", cause);
  }
}

function unusable({ key, url }: Witness, reason: string, cause?: unknown): GatebookError {
  const options = cause === undefined ? undefined : { cause };
  return new GatebookError("UNAVAILABLE", `the witness ${key.name} at ${url} ${reason}`, options);
}

function disagreed({ key, url }: Witness, reason: string): GatebookError {
  return new GatebookError("NOT_VERIFIED", `the witness ${key.name} at ${url} ${reason}; find out which`);
}
