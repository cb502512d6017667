/** A witness's side: it cosigns a checkpoint that holds all that it cosigned before, and no other (https://c2sp.org/tlog-witness#add-checkpoint). */
import { GatebookError } from "../errors.ts";
import { checkConsistency } from "../evidence/check-proof.ts";
import { type Checkpoint, parseCheckpoint, type TreeHead } from "../evidence/checkpoint.ts";
import { cosign } from "../evidence/cosignature.ts";
import { EMPTY_ROOT, type Hash } from "../evidence/merkle.ts";
import type { NoteSigner } from "../evidence/note-signer.ts";
import { openNote } from "../evidence/open-note.ts";
import { formatNote, formatSignatureLine, parseNote } from "../evidence/signed-note.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { parseAddCheckpointRequest } from "./add-checkpoint-request.ts";
import type { WitnessedTree, WitnessStore } from "./witness-store.ts";

/** KMS signs 4,096 bytes: these, the header and the time. Without extension lines, a checkpoint has a tenth of it. */
const MAX_CHECKPOINT_BYTES = 4_000;

/** A log that may be cosigned. One that changes its key has two of these for a while. */
export interface WitnessedLog {
  readonly origin: string;
  /** The log's own, of type Ed25519. */
  readonly key: VerifierKey;
}

export interface WitnessWorld {
  readonly logs: readonly WitnessedLog[];
  readonly store: WitnessStore;
  /** Its key is of type cosignature/v1. */
  readonly signer: NoteSigner;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A log's two faces: what it signed before and what it signed now, each a note that anybody can verify. */
interface Contradiction {
  readonly before: string;
  readonly now: string;
}

export type AddCheckpointOutcome =
  | { readonly outcome: "cosigned"; readonly origin: string; readonly size: number; readonly line: string }
  | { readonly outcome: "malformed" | "unknown-log" | "not-signed"; readonly detail: string }
  /** `size` is what the witness cosigned last: the proof has to start there. */
  | { readonly outcome: "other-size"; readonly origin: string; readonly size: number }
  /** Signed by the log, with another root than what was cosigned at the same size: proof by itself that it has two histories. */
  | Refused<"forked">
  /** Signed by the log, without a proof that it grew: two histories, or a proof gone wrong. */
  | Refused<"not-proved">;

interface Refused<Outcome extends string> {
  readonly outcome: Outcome;
  readonly origin: string;
  /** What the witness cosigned last. */
  readonly size: number;
  readonly detail: string;
  readonly contradiction: Contradiction;
}

/**
 * Never cosigns what is not stored. A crash after storing leaves a log that is told so: it asks again, from the size that is stored.
 *
 * @param request as it came in
 * @throws what the store and the signer reject with: nothing was cosigned
 */
export async function addCheckpoint(request: Uint8Array, world: WitnessWorld): Promise<AddCheckpointOutcome> {
  // Before the store is read: as of this moment, nothing larger was known. Afterwards somebody may have brought more.
  const now = world.now();
  const submission = readSubmission(request, world.logs);
  if ("outcome" in submission) return submission;
  const { origin, size, root, text, note } = submission;
  const known = await world.store.read(origin);
  const refusal = judge(submission, known);
  if (refusal !== undefined) return refusal;
  if (known?.size !== size) {
    try {
      await world.store.replace(origin, known, { size, root, note });
    } catch (cause) {
      if (!(cause instanceof GatebookError && cause.code === "HEAD_MOVED")) throw cause;
      // Another request was faster. What it stored is what the proof has to start from now.
      const moved = await world.store.read(origin);
      return { outcome: "other-size", origin, size: moved?.size ?? 0 };
    }
  }
  const line = formatSignatureLine(await cosign(text, world.signer, now));
  return { outcome: "cosigned", origin, size, line };
}

interface Submission extends Checkpoint {
  readonly text: string;
  readonly note: Uint8Array;
  readonly oldSize: number;
  readonly proof: readonly Hash[];
}

type Unreadable = Extract<AddCheckpointOutcome, { outcome: "malformed" | "unknown-log" | "not-signed" }>;

function readSubmission(bytes: Uint8Array, logs: readonly WitnessedLog[]): Submission | Unreadable {
  try {
    const { oldSize, proof, note } = parseAddCheckpointRequest(bytes);
    const { text, signatures } = parseNote(note);
    const checkpoint = parseCheckpoint(text);
    if (Buffer.byteLength(text) > MAX_CHECKPOINT_BYTES) {
      return { outcome: "malformed", detail: `the checkpoint has more than ${MAX_CHECKPOINT_BYTES} bytes of text` };
    }
    const keys = logs.filter(({ origin }) => origin === checkpoint.origin).map(({ key }) => key);
    if (keys.length === 0) return { outcome: "unknown-log", detail: "the checkpoint is of a log not witnessed here" };
    openNote(note, keys);
    if (oldSize > checkpoint.size) {
      return { outcome: "malformed", detail: `the old size ${oldSize} is above the checkpoint's ${checkpoint.size}` };
    }
    const own = signatures.filter(({ name, keyId }) => keys.some((key) => key.name === name && key.keyId === keyId));
    return { ...checkpoint, text, oldSize, proof, note: formatNote({ text, signatures: own }) };
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    return { outcome: cause.code === "NOT_VERIFIED" ? "not-signed" : "malformed", detail: cause.message };
  }
}

const NOTHING: TreeHead = { size: 0, root: EMPTY_ROOT };

function judge(submission: Submission, known: WitnessedTree | undefined): AddCheckpointOutcome | undefined {
  const { origin, size, root, oldSize, proof, note } = submission;
  const last = known ?? NOTHING;
  const contradiction = { before: Buffer.from(known?.note ?? []).toString(), now: Buffer.from(note).toString() };
  // Whatever size the log says that it started from: two roots of one size are two histories.
  if (size === last.size && root !== last.root) {
    const detail = `the log signed another root for ${size} entries than the one that was cosigned`;
    return { outcome: "forked", origin, size: last.size, detail, contradiction };
  }
  if (oldSize !== last.size) return { outcome: "other-size", origin, size: last.size };
  try {
    checkConsistency(last, { size, root }, proof);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    return { outcome: "not-proved", origin, size: last.size, detail: cause.message, contradiction };
  }
}
