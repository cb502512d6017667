/** Whether the evidence log is in order, as far as can be told from its checkpoint, its head and its right edge. */
import { GatebookError } from "../errors.ts";
import { checkConsistency } from "../evidence/check-proof.ts";
import type { TreeHead } from "../evidence/checkpoint.ts";
import { EMPTY_ROOT } from "../evidence/merkle.ts";
import { proveConsistency, readRoot } from "../evidence/prove.ts";
import { shardKey } from "../evidence/shard-keys.ts";
import { openCheckpoint } from "../evidence/signed-checkpoint.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { headTree, type ShardState, treeOf } from "./shard-trees.ts";
import { unlessWrong } from "./unless-wrong.ts";

/** Checkpoints come once a minute: several missed in a row are no hiccup. */
export const MAX_UNSIGNED_MS = 10 * 60 * 1000;

const UNSIGNED_LATELY = `the evidence log has not been signed for more than ${MAX_UNSIGNED_MS / 60_000} minutes, although there was something to sign`;

/** Whether the log is not what it says; one that is late is what it was. */
export function isContradiction(problem: string): boolean {
  return !problem.startsWith(UNSIGNED_LATELY);
}

/** Who the log is signed by. */
export interface EvidenceKeys {
  /** Of its first shard: the others are signed with the same one. */
  readonly log: VerifierKey;
  /** Cosignatures of theirs have to hold where there are some. None is waited for: a witness that is away stops no release. */
  readonly witnesses: readonly VerifierKey[];
}

/**
 * @returns a sentence for what is wrong with a shard; `gatebook verify` reads every byte, and this does not
 * @throws what the log rejects with
 */
export async function evidenceProblems(shards: readonly ShardState[], keys: EvidenceKeys): Promise<string[]> {
  const problems = await Promise.all(
    shards.map(async (state) => {
      const problem = await problemOf(state, keys);
      if (problem === undefined) return [];
      return [state.shard === 0 ? problem : `${problem} (shard ${state.shard})`];
    }),
  );
  return problems.flat();
}

const UNSIGNED: TreeHead = { size: 0, root: EMPTY_ROOT };

async function problemOf(state: ShardState, keys: EvidenceKeys): Promise<string | undefined> {
  const { checkpoint, head, sizeBefore } = state;
  const signed = checkpoint === undefined ? UNSIGNED : opened(checkpoint, state, keys);
  if (typeof signed === "string") return signed;
  const { size, root } = signed;
  if (size > (head?.size ?? 0))
    return `${size} entries of the evidence log are signed, and its head has ${head?.size ?? 0}`;
  if (size > 0 && size === head?.size && root !== head.root)
    return "the evidence log's head has another root than its signed checkpoint";
  // What is wrong goes before what is late.
  const wrong = (await signedProblem(state, signed)) ?? (await headProblem(state, signed));
  return wrong ?? (sizeBefore > size ? UNSIGNED_LATELY : undefined);
}

function opened(bytes: Uint8Array, { shard }: ShardState, { log, witnesses }: EvidenceKeys): TreeHead | string {
  try {
    return openCheckpoint(bytes, shardKey(log, shard), witnesses);
  } catch (error) {
    if (!(error instanceof GatebookError)) throw error;
    const isRead = error.code === "NOT_VERIFIED";
    return `the evidence log's public checkpoint ${isRead ? "does not verify" : "cannot be read"}: ${error.message}`;
  }
}

/** What is signed was stored before: it is there, and is what was signed. */
async function signedProblem({ log }: ShardState, signed: TreeHead): Promise<string | undefined> {
  const root = await unlessWrong(() => readRoot(treeOf(signed, log).hashes, signed.size));
  if ("wrong" in root) return `the evidence log does not hold what its checkpoint signs: ${root.wrong}`;
  if (root.right === signed.root) return undefined;
  return `the evidence log does not hold what its checkpoint signs: its tiles have another root at ${signed.size} entries`;
}

/** What is on its way is looked at another time: within MAX_UNSIGNED_MS it is signed, or it is a reason that it is not. */
async function headProblem({ log, head }: ShardState, signed: TreeHead): Promise<string | undefined> {
  if (head === undefined || head.size === signed.size) return undefined;
  let isLate = false;
  const { hashes } = headTree(log, head, () => {
    isLate = true;
  });
  const check = async (): Promise<void> => {
    const [root, proof] = await Promise.all([
      readRoot(hashes, head.size),
      proveConsistency(hashes, signed.size, head.size),
    ]);
    if (root !== head.root)
      throw new GatebookError("NOT_VERIFIED", `its tiles have another root at ${head.size} entries`);
    checkConsistency(signed, head, proof);
  };
  const checked = await unlessWrong(() =>
    check().catch((error: unknown) => {
      if (!isLate) throw error;
    }),
  );
  return "wrong" in checked
    ? `the evidence log's head does not go on from what is signed: ${checked.wrong}`
    : undefined;
}
