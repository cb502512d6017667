/** A log of decimal numbers at any size, its checkpoints, and a witness of it in memory. */
import { memoryWitnessStore } from "../../../lib/adapters/memory-witness-store.ts";
import type { TreeHead } from "../../../lib/core/evidence/checkpoint.ts";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import { proveConsistency } from "../../../lib/core/evidence/prove.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { type AddCheckpointOutcome, addCheckpoint } from "../../../lib/core/witness/add-checkpoint.ts";
import { formatAddCheckpointRequest } from "../../../lib/core/witness/add-checkpoint-request.ts";
import type { WitnessClient } from "../../../lib/core/witness/witness-client.ts";
import { witnessReply } from "../../../lib/core/witness/witness-reply.ts";
import type { WitnessedTree, WitnessStore } from "../../../lib/core/witness/witness-store.ts";
import { reader, treeOf } from "../evidence/decimal-trees.ts";
import { LOG_NAME, logSigner, witnessSigner } from "../evidence/test-signers.ts";

export const NOW = 1_700_000_000_999;
/** No tree of this log. */
export const OTHER_ROOT = "ab".repeat(32);

export function checkpointOf({ size, root }: TreeHead, signer: NoteSigner = logSigner): Promise<Buffer> {
  return signCheckpoint({ origin: signer.key.name, size, root }, signer);
}

/** As an honest log asks. */
export async function requestFor(oldSize: number, size: number): Promise<Buffer> {
  const proof = await proveConsistency(reader, oldSize, size);
  return formatAddCheckpointRequest({ oldSize, proof, note: await checkpointOf(treeOf(size)) });
}

export function createWitness(store?: WitnessStore, signer: NoteSigner = witnessSigner) {
  const trees = new Map<string, WitnessedTree>();
  const world = {
    logs: [{ origin: LOG_NAME, key: logSigner.key }],
    store: store ?? memoryWitnessStore(trees),
    signer,
    now: () => NOW,
  };
  const ask = (request: Uint8Array): Promise<AddCheckpointOutcome> => addCheckpoint(request, world);
  return {
    ask,
    add: async (oldSize: number, size: number) => ask(await requestFor(oldSize, size)),
    lastSize: () => trees.get(LOG_NAME)?.size,
    last: () => trees.get(LOG_NAME),
  };
}

export type TestWitness = ReturnType<typeof createWitness>;

/** The witness as its HTTP API answers, and how often it was asked. */
export function clientOf(witness: TestWitness): WitnessClient & { readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    async addCheckpoint(_, request) {
      asked += 1;
      const { statusCode, headers, body } = witnessReply(await witness.ask(request));
      const [type = ""] = (headers["content-type"] ?? "").split(";");
      return { status: statusCode, type, body: Buffer.from(body) };
    },
  };
}
