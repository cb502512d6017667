/** Getting the public checkpoint cosigned: what its witnesses sign is put into it, and what they do not is said. */
import { GatebookError } from "../errors.ts";
import type { CheckpointStore } from "../evidence/checkpoint-store.ts";
import { checkCosignature } from "../evidence/cosignature.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { proveConsistency } from "../evidence/prove.ts";
import { openCheckpoint } from "../evidence/signed-checkpoint.ts";
import { formatNote, type NoteSignature, parseNote, type SignedNote } from "../evidence/signed-note.ts";
import { tileHashes } from "../evidence/tile-hashes.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { askWitness } from "./ask-witness.ts";
import type { Witness, WitnessClient } from "./witness-client.ts";

export interface CosignerWorld {
  /** The stored log, which proofs are made from. */
  readonly log: LogSource;
  readonly checkpoints: CheckpointStore;
  readonly witnesses: readonly Witness[];
  readonly client: WitnessClient;
}

export interface Cosigning {
  /** `overtaken`: a newer checkpoint came meanwhile, and what was collected belongs to the one before. */
  readonly outcome: "empty" | "complete" | "collected" | "overtaken";
  /** Of the checkpoint that the witnesses were shown. */
  readonly size: number;
  /** Whose cosignatures are missing, and why. */
  readonly missing: readonly { readonly witness: string; readonly reason: string }[];
}

/**
 * Asks each witness whose cosignature the public checkpoint lacks, all at once. What one of them does, or fails to do, changes nothing for the others
 * and nothing in the log. What each cosigned last is remembered between calls; forgotten, it costs one more request.
 *
 * @example
 * const collect = createCosigner({ log, checkpoints, witnesses, client });
 * const { missing } = await collect(signer.key);
 * @returns a function of the log's verifier key; it rejects with what the stores reject with, and with NOT_VERIFIED for a checkpoint that the log
 * did not sign: the next call does what is left to do
 */
export function createCosigner(world: CosignerWorld): (logKey: VerifierKey) => Promise<Cosigning> {
  const lastSizes = new Map<string, number>();
  return async (logKey) => {
    const stored = await world.checkpoints.read();
    if (stored === undefined) return { outcome: "empty", size: 0, missing: [] };
    const { size, text } = openCheckpoint(stored.bytes, logKey);
    const note = parseNote(stored.bytes);
    const lacking = world.witnesses.filter(({ key }) => !hasCosigned(note, key));
    if (lacking.length === 0) return { outcome: "complete", size, missing: [] };

    const hashes = tileHashes(world.log, size);
    const question = {
      size,
      text,
      note: formatNote({ text, signatures: note.signatures.filter(isBy(logKey)) }),
      prove: (oldSize: number) => proveConsistency(hashes, oldSize, size),
    };
    const answers = await Promise.allSettled(
      lacking.map((witness) => askWitness(witness, question, { client: world.client, lastSize: lastOf(witness) })),
    );
    const gained = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    for (const { name, keyId } of gained) lastSizes.set(`${name}+${keyId}`, size);
    const missing = answers.flatMap((answer, i) =>
      answer.status === "fulfilled" ? [] : [{ witness: lacking[i]?.key.name ?? "", reason: reasonOf(answer.reason) }],
    );
    if (gained.length === 0) return { outcome: "collected", size, missing };
    const cosigned = world.witnesses.filter((witness) => !lacking.includes(witness));
    // One of each key that is known: what somebody else wrote into the note goes, and so does a cosignature that does not verify.
    const kept = [logKey, ...cosigned.map(({ key }) => key)].flatMap((key) => note.signatures.find(isBy(key)) ?? []);
    const isPut = await put(world.checkpoints, stored.etag, formatNote({ text, signatures: [...kept, ...gained] }));
    return { outcome: isPut ? "collected" : "overtaken", size, missing };
  };

  function lastOf({ key }: Witness): number {
    return lastSizes.get(`${key.name}+${key.keyId}`) ?? 0;
  }
}

/** A cosignature that does not verify is as good as none, and is replaced. */
function hasCosigned({ text, signatures }: SignedNote, key: VerifierKey): boolean {
  const own = signatures.filter(isBy(key));
  try {
    for (const { signature } of own) checkCosignature(text, key, signature);
    return own.length > 0;
  } catch (cause) {
    if (cause instanceof GatebookError) return false;
    throw cause;
  }
}

function isBy(key: VerifierKey): (signature: NoteSignature) => boolean {
  return ({ name, keyId }) => name === key.name && keyId === key.keyId;
}

async function put(checkpoints: CheckpointStore, etag: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await checkpoints.replace(etag, bytes);
    return true;
  } catch (cause) {
    if (cause instanceof GatebookError && cause.code === "HEAD_MOVED") return false;
    throw cause;
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
