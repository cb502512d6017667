/** Nothing is cosigned that is not stored, and what is stored never shrinks: with requests at once, and with stores and signers that fail. */
import { describe, expect, test } from "vitest";
import { memoryWitnessStore } from "../../../lib/adapters/memory-witness-store.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import type { WitnessedTree, WitnessStore } from "../../../lib/core/witness/witness-store.ts";
import { LOG_NAME, witnessSigner } from "../evidence/test-signers.ts";
import { createWitness } from "./witness-world.ts";

const down = new GatebookError("UNAVAILABLE", "the store does not answer");

test("of requests at once, one is cosigned, and the others are told its size", async () => {
  for (let round = 0; round < 20; round += 1) {
    const trees = new Map<string, WitnessedTree>();
    const witness = createWitness(memoryWitnessStore(trees));
    await witness.add(0, 4);
    const sizes = [9, 12, 9, 30].map((size) => size + round);
    const answers = await Promise.all(sizes.map((size) => witness.add(4, size)));
    const cosigned = answers.filter(({ outcome }) => outcome === "cosigned");
    const told = answers.filter(({ outcome }) => outcome === "other-size");
    expect([cosigned.length, told.length]).toEqual([1, 3]);
    const stored = trees.get(LOG_NAME)?.size;
    expect(answers.map((answer) => "size" in answer && answer.size)).toEqual(answers.map(() => stored));
  }
});

test("a slower request cannot set back what a faster one stored", async () => {
  const trees = new Map<string, WitnessedTree>();
  const memory = memoryWitnessStore(trees);
  const faster = createWitness(memory);
  const slower = createWitness({
    read: memory.read,
    async replace(...args) {
      if (trees.get(LOG_NAME)?.size === 4) await faster.add(4, 20);
      await memory.replace(...args);
    },
  });
  await faster.add(0, 4);
  expect(await slower.add(4, 9)).toMatchObject({ outcome: "other-size", size: 20 });
  expect(trees.get(LOG_NAME)?.size).toBe(20);
});

type Fault = (replace: () => Promise<void>) => Promise<void>;
const FAULTS: readonly (readonly [what: string, fault: Fault, storedSize: number])[] = [
  ["fails", async () => Promise.reject(down), 4],
  [
    "fails and has stored",
    async (replace) => {
      await replace();
      throw down;
    },
    9,
  ],
];

describe.each(FAULTS)("a store that %s", (_, fault, storedSize) => {
  test("leaves nothing cosigned, and the log gets there the next time", async () => {
    const trees = new Map<string, WitnessedTree>();
    const memory = memoryWitnessStore(trees);
    const healthy = createWitness(memory);
    await healthy.add(0, 4);
    const signed: Uint8Array[] = [];
    const failing: WitnessStore = { read: memory.read, replace: (...args) => fault(() => memory.replace(...args)) };
    await expect(createWitness(failing, recording(signed)).add(4, 9)).rejects.toThrow(down);
    expect(signed).toEqual([]);
    expect(trees.get(LOG_NAME)?.size).toBe(storedSize);
    const again = await healthy.add(4, 9);
    if (storedSize === 9) expect(again).toMatchObject({ outcome: "other-size", size: 9 });
    expect(await healthy.add(9, 9)).toMatchObject({ outcome: "cosigned", size: 9 });
  });
});

test("a put that went through and is told to have lost, as a client's own retry is, is found out by asking again", async () => {
  const trees = new Map<string, WitnessedTree>();
  const memory = memoryWitnessStore(trees);
  const witness = createWitness({
    read: memory.read,
    async replace(...args) {
      await memory.replace(...args);
      throw new GatebookError("HEAD_MOVED", "the second of two equal requests");
    },
  });
  expect(await witness.add(0, 9)).toMatchObject({ outcome: "other-size", size: 9 });
  expect(await witness.add(9, 9)).toMatchObject({ outcome: "cosigned", size: 9 });
});

test("a crash between store and answer costs the log one more request", async () => {
  const trees = new Map<string, WitnessedTree>();
  const store = memoryWitnessStore(trees);
  const crash = async (): Promise<Uint8Array> => Promise.reject(new Error("the process is gone"));
  await expect(createWitness(store, { ...witnessSigner, sign: crash }).add(0, 9)).rejects.toThrow("is gone");
  const restarted = createWitness(store);
  expect(await restarted.add(0, 9)).toMatchObject({ outcome: "other-size", size: 9 });
  expect(await restarted.add(9, 9)).toMatchObject({ outcome: "cosigned", size: 9 });
});

test("what is signed is stored by then", async () => {
  const trees = new Map<string, WitnessedTree>();
  const seen: (number | undefined)[] = [];
  const witness = createWitness(memoryWitnessStore(trees), {
    key: witnessSigner.key,
    sign: async (message) => {
      seen.push(trees.get(LOG_NAME)?.size);
      return witnessSigner.sign(message);
    },
  });
  await witness.add(0, 3);
  await witness.add(3, 8);
  expect(seen).toEqual([3, 8]);
});

function recording(signed: Uint8Array[]): NoteSigner {
  return {
    key: witnessSigner.key,
    sign: async (message) => {
      signed.push(message);
      return witnessSigner.sign(message);
    },
  };
}
