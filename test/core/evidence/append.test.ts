/** Appending while nothing goes wrong, and what is refused before anything moves. */
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { MAX_APPEND_ATTEMPTS } from "../../../lib/core/evidence/append.ts";
import { type AppendEntry, MAX_ENTRY_BYTES } from "../../../lib/core/evidence/append-entry.ts";
import { MAX_COMMIT_ENTRIES } from "../../../lib/core/evidence/split-commits.ts";
import { createLogWorld, eventEntry, eventRange, expectExactly, type Gate, NOTHING } from "./log-world.ts";

const numbers = (from: number, to: number) => new Set(Array.from({ length: to - from }, (_, i) => from + i));

test("records a first batch and a second", async () => {
  const world = createLogWorld();
  const append = world.startWorker();
  expect(await append(eventRange(0, 300))).toEqual({ recorded: 300, duplicates: 0, size: 300 });
  expect(await append(eventRange(300, 700))).toEqual({ recorded: 400, duplicates: 0, size: 700 });
  await expectExactly(world, numbers(0, 700));
  expect((await world.stored()).head).toMatchObject({ version: 2, size: 700, updated: 1_700_000_000_000 });
});

test("a redelivered batch moves nothing", async () => {
  const world = createLogWorld();
  const append = world.startWorker();
  await append(eventRange(0, 10));
  const before = structuredClone(await world.stored());
  expect(await append(eventRange(0, 10))).toEqual({ recorded: 0, duplicates: 10, size: 10 });
  expect(await world.startWorker()(eventRange(0, 5))).toEqual({ recorded: 0, duplicates: 5, size: 10 });
  const after = await world.stored();
  expect(after.head).toEqual(before.head);
  expect([...after.staged.keys(), ...after.objects.keys()]).toEqual([
    ...before.staged.keys(),
    ...before.objects.keys(),
  ]);
});

test("of equal events in one batch the first is recorded", async () => {
  const world = createLogWorld();
  const again = { ...eventEntry(1), bytes: Buffer.from("other bytes") };
  const outcome = await world.startWorker()([eventEntry(0), eventEntry(1), again, eventEntry(2), eventEntry(0)]);
  expect(outcome).toEqual({ recorded: 3, duplicates: 2, size: 3 });
  await expectExactly(world, numbers(0, 3));
});

test("an empty batch in an empty log leaves it empty", async () => {
  const world = createLogWorld();
  expect(await world.startWorker()([])).toEqual({ recorded: 0, duplicates: 0, size: 0 });
  expect(await world.stored()).toEqual(NOTHING);
});

test("calls made at once are carried out in their order", async () => {
  const world = createLogWorld();
  const append = world.startWorker();
  const sizes = await Promise.all([0, 1, 2, 3].map((i) => append(eventRange(10 * i, 10 * i + 10))));
  expect(sizes.map(({ size }) => size)).toEqual([10, 20, 30, 40]);
  await expectExactly(world, numbers(0, 40));
});

test("a call that fails does not hold up the next", async () => {
  const world = createLogWorld();
  let isBroken = true;
  const append = world.startWorker(async (step, perform) => {
    if (step === "stage" && isBroken) throw new Error("no route to host");
    return perform();
  });
  const first = append(eventRange(0, 3));
  await expect(first).rejects.toThrow("no route to host");
  isBroken = false;
  await expect(append(eventRange(0, 3))).resolves.toMatchObject({ recorded: 3 });
});

test("a worker that goes on from its own batch reads no staged batch", async () => {
  const steps: string[] = [];
  const append = createLogWorld().startWorker((step, perform) => {
    steps.push(step);
    return perform();
  });
  for (let i = 0; i < 5; i += 1) await append(eventRange(100 * i, 100 * i + 100));
  expect(steps).not.toContain("read staged");
});

test("keeps payloads by their hash, before the head moves", async () => {
  const world = createLogWorld();
  const bytes = Buffer.from("a large original");
  const sha256 = hash("sha256", bytes, "hex");
  const steps: string[] = [];
  const gate: Gate = (step, perform) => {
    steps.push(step);
    return perform();
  };
  await world.startWorker(gate)([{ ...eventEntry(0), payload: { sha256, bytes } }]);
  expect((await world.stored()).objects.get(`payload/${sha256}`)).toEqual(bytes);
  expect(steps.indexOf(`put payload/${sha256}`)).toBeLessThan(steps.indexOf("swap"));
});

describe("refuses, with nothing stored,", () => {
  const finding = eventEntry(0).findings[0];
  const refused: [string, AppendEntry][] = [
    ["an entry of 60,001 bytes", { ...eventEntry(1), bytes: Buffer.alloc(MAX_ENTRY_BYTES + 1) }],
    [
      "a payload under another hash",
      { ...eventEntry(1), payload: { sha256: "0".repeat(64), bytes: Buffer.from("x") } },
    ],
    [
      "a finding that no message holds",
      { ...eventEntry(1), findings: finding === undefined ? [] : [{ ...finding, why: "x".repeat(300_000) }] },
    ],
    ["a number that JSON cannot say", { ...eventEntry(1), index: { ...eventEntry(1).index, status: Number.NaN } }],
  ];
  test.each(refused)("%s", async (_, entry) => {
    const world = createLogWorld();
    const append = world.startWorker();
    await expect(append([eventEntry(0), entry])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await world.stored()).toEqual(NOTHING);
    expect(await append([eventEntry(0)])).toMatchObject({ size: 1 });
  });
});

test("takes a batch of any size, in commits that fit, and the same batch again is nothing new", async () => {
  const world = createLogWorld();
  const append = world.startWorker();
  const batch = eventRange(0, 2 * MAX_COMMIT_ENTRIES + 1);
  const size = batch.length;
  expect(await append(batch)).toEqual({ recorded: size, duplicates: 0, size });
  expect((await world.stored()).head).toMatchObject({ version: 3, size });
  expect(await append(batch)).toEqual({ recorded: 0, duplicates: size, size });
  await expectExactly(world, numbers(0, size));
});

test("a crash between two commits of a batch leaves the first, and redelivery brings the rest", async () => {
  const world = createLogWorld();
  let swaps = 0;
  const append = world.startWorker(async (step, perform) => {
    swaps += step === "swap" ? 1 : 0;
    if (swaps > 1) throw new Error("a dead process calls nothing");
    return perform();
  });
  const batch = eventRange(0, MAX_COMMIT_ENTRIES + 5);
  await expect(append(batch)).rejects.toThrow("a dead process");
  expect((await world.stored()).head?.size).toBe(MAX_COMMIT_ENTRIES);
  expect(await world.startWorker()(batch)).toEqual({
    recorded: 5,
    duplicates: MAX_COMMIT_ENTRIES,
    size: batch.length,
  });
  await expectExactly(world, numbers(0, batch.length));
});

test("takes an entry of 60,000 bytes", async () => {
  const outcome = await createLogWorld().startWorker()([{ ...eventEntry(0), bytes: Buffer.alloc(60_000) }]);
  expect(outcome.recorded).toBe(1);
});

describe("stops with LOG_CORRUPT when", () => {
  const corrupt = { code: "LOG_CORRUPT" };
  const grown = async () => {
    const world = createLogWorld();
    await world.startWorker()(eventRange(0, 300));
    return world.stored();
  };

  test("the staged batch of the head is gone", async () => {
    const world = createLogWorld({ ...(await grown()), staged: new Map() });
    await expect(world.startWorker()(eventRange(300, 301))).rejects.toMatchObject(corrupt);
  });

  test("the staged batch of the head was changed", async () => {
    const stored = await grown();
    const staged = new Map([...stored.staged].map(([key, bytes]) => [key, Buffer.from(bytes).fill(0, 100, 101)]));
    const world = createLogWorld({ ...stored, staged });
    await expect(world.startWorker()(eventRange(300, 301))).rejects.toMatchObject(corrupt);
  });

  test.each(["root", "origin", "size", "edge"] as const)("the head has another %s than its batch", async (member) => {
    const stored = await grown();
    if (stored.head === undefined) throw new Error("the log did not grow");
    const other = { root: "0".repeat(64), origin: "evidence.example/other", size: 299, edge: [] };
    const world = createLogWorld({ ...stored, head: { ...stored.head, [member]: other[member] } });
    await expect(world.startWorker()(eventRange(300, 301))).rejects.toMatchObject(corrupt);
  });

  test("another history is stored where a tile goes", async () => {
    const stored = await grown();
    const objects = new Map([...stored.objects, ["tile/entries/001.p/45", Buffer.from("x")] as const]);
    const world = createLogWorld({ ...stored, objects });
    await expect(world.startWorker()(eventRange(300, 301))).rejects.toMatchObject(corrupt);
  });

  test("the head disappears under a running worker", async () => {
    let isGone = false;
    const append = createLogWorld().startWorker(async (step, perform) => {
      const answer = await perform();
      return step === "read head" && isGone ? (undefined as typeof answer) : answer;
    });
    await append(eventRange(0, 3));
    isGone = true;
    await expect(append(eventRange(3, 4))).rejects.toMatchObject(corrupt);
  });
});

test.each([
  ["nothing was heard of it", new Error("socket hang up")],
  ["the client's own second request was refused", new GatebookError("HEAD_MOVED", "it has moved on")],
])("finds out that its swap went through when %s", async (_, cause) => {
  const world = createLogWorld();
  const append = world.startWorker(async (step, perform) => {
    const answer = await perform();
    if (step === "swap") throw cause;
    return answer;
  });
  expect(await append(eventRange(0, 3))).toEqual({ recorded: 3, duplicates: 0, size: 3 });
  await expectExactly(world, numbers(0, 3));
});

test("gives up with HEAD_MOVED when other writers win every attempt, and records nothing", async () => {
  const world = createLogWorld();
  const rival = world.startWorker();
  let wins = 0;
  const append = world.startWorker(async (step, perform) => {
    if (step === "swap") {
      await rival([eventEntry(1000 + wins)]);
      wins += 1;
    }
    return perform();
  });
  await expect(append(eventRange(0, 3))).rejects.toMatchObject({ code: "HEAD_MOVED" });
  expect(wins).toBe(MAX_APPEND_ATTEMPTS);
  await expectExactly(world, numbers(1000, 1000 + wins));
});
