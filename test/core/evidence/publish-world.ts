/** A log in memory with its public checkpoint, gates before each call that publishing makes, and the check that nothing public went wrong. */
import { expect } from "vitest";
import { memoryCheckpointStore, memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { checkConsistency } from "../../../lib/core/evidence/check-proof.ts";
import { parseCheckpoint, type TreeHead } from "../../../lib/core/evidence/checkpoint.ts";
import type { Head } from "../../../lib/core/evidence/head.ts";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import { proveConsistency } from "../../../lib/core/evidence/prove.ts";
import { type Published, publish } from "../../../lib/core/evidence/publish.ts";
import { openCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { tileHashes } from "../../../lib/core/evidence/tile-hashes.ts";
import { createLogWorld, eventRange, type Gate, NOTHING, ORIGIN, type Stored } from "./log-world.ts";
import { LOG_SEED, testSigner } from "./test-signers.ts";

export const SIGNER = testSigner(ORIGIN, LOG_SEED);

const open: Gate = (_, perform) => perform();

/** A world whose head can be replaced by another, as a restored table would. */
export function createPublishWorld(from: Stored = NOTHING, history: Uint8Array[] = []) {
  const log = createLogWorld(from);
  const checkpoints = memoryCheckpointStore(history);
  const signed: TreeHead[] = [];
  const committed = new Map<number, string>(from.head ? [[from.head.size, from.head.root]] : []);
  let forged: { head: Head | undefined } | undefined;

  const grow = async (count: number): Promise<void> => {
    const size = (await log.stored()).head?.size ?? 0;
    await log.startWorker()(eventRange(size, size + count));
    await noteHead();
  };
  const noteHead = async (): Promise<void> => {
    const { head } = await log.stored();
    if (head !== undefined) committed.set(head.size, head.root);
  };
  const readHead = async (): Promise<Head | undefined> =>
    forged === undefined ? (await log.stored()).head : forged.head;

  /** Moves the head, and dies before an object of the batch is stored. */
  const growAndDie = async (count: number): Promise<void> => {
    let hasMoved = false;
    const size = (await log.stored()).head?.size ?? 0;
    const append = log.startWorker(async (step, perform) => {
      if (hasMoved) throw new Error("a dead process calls nothing");
      const answer = await perform();
      hasMoved = step === "swap";
      return answer;
    });
    await expect(append(eventRange(size, size + count))).rejects.toThrow("a dead process");
    await noteHead();
  };

  const startPublisher = (gate: Gate = open, signer: NoteSigner = SIGNER) => {
    const heads = { read: () => gate("read head", readHead) };
    return async (): Promise<Published> =>
      publish({
        origin: ORIGIN,
        heads,
        append: log.startWorker((step, perform) => gate(`finish: ${step}`, perform)),
        log: {
          read: (path) => gate("read tile", async () => memoryLogSource((await log.stored()).objects).read(path)),
        },
        checkpoints: {
          read: () => gate("read checkpoint", checkpoints.read),
          replace: (etag, bytes) => gate("put", () => checkpoints.replace(etag, bytes)),
        },
        signer: {
          key: signer.key,
          sign: (message) =>
            gate("sign", () => {
              signed.push(parseCheckpoint(Buffer.from(message).toString()));
              return signer.sign(message);
            }),
        },
      });
  };

  return {
    ...log,
    grow,
    growAndDie,
    noteHead,
    history,
    signed,
    startPublisher,
    forgeHead: (head: Head | undefined) => {
      forged = { head };
    },
    /** Public sizes never fall, each grew from the one before, and what was signed was committed, published or not. */
    async expectSound(): Promise<void> {
      await noteHead();
      for (const { size, root } of signed) expect([size, committed.get(size)]).toEqual([size, root]);
      const { head, objects } = await log.stored();
      const shown = history.map((bytes) => openCheckpoint(bytes, SIGNER.key));
      for (const [i, old] of shown.entries()) {
        const next = shown[i + 1] ?? head;
        if (next === undefined) throw new Error("there is a checkpoint and no head");
        expect(old.size).toBeLessThanOrEqual(next.size);
        const proof = await proveConsistency(tileHashes(memoryLogSource(objects), next.size), old.size, next.size);
        checkConsistency(old, next, proof);
      }
    },
    publicSize: (): number => {
      const last = history.at(-1);
      return last === undefined ? 0 : openCheckpoint(last, SIGNER.key).size;
    },
  };
}

export type PublishWorld = ReturnType<typeof createPublishWorld>;
