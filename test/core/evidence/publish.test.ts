/** What is published is committed, proved to hold all that was public before, and signed; anything else stops and pages. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import type { Head } from "../../../lib/core/evidence/head.ts";
import { openCheckpoint, signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { ORIGIN } from "./log-world.ts";
import { createPublishWorld, type PublishWorld, SIGNER } from "./publish-world.ts";
import { testSigner } from "./test-signers.ts";

const corrupt = expect.objectContaining({ code: "LOG_CORRUPT" });

async function worldOf(size: number): Promise<PublishWorld> {
  const world = createPublishWorld();
  await world.grow(size);
  return world;
}

async function headOf(world: PublishWorld): Promise<Head> {
  const { head } = await world.stored();
  if (head === undefined) throw new Error("the log is empty");
  return head;
}

test("an empty log publishes nothing", async () => {
  const world = createPublishWorld();
  expect(await world.startPublisher()()).toEqual({ outcome: "empty", size: 0 });
  expect([world.signed, world.history]).toEqual([[], []]);
});

test("what has not grown is neither signed nor put again", async () => {
  const world = await worldOf(3);
  expect(await world.startPublisher()()).toEqual({ outcome: "published", size: 3 });
  expect(await world.startPublisher()()).toEqual({ outcome: "unchanged", size: 3 });
  expect([world.signed.length, world.history.length]).toEqual([1, 1]);
});

test.each([1, 2, 254, 255, 256, 257, 300, 511, 512])(
  "each growth from one to %i entries is public, once",
  async (size) => {
    const world = await worldOf(1);
    await world.startPublisher()();
    if (size > 1) await world.grow(size - 1);
    await world.startPublisher()();
    expect(world.publicSize()).toBe(size);
    await world.expectSound();
  },
);

test("an append that died before its tiles were stored is finished first", async () => {
  const world = await worldOf(250);
  await world.growAndDie(10);
  expect(await world.startPublisher()()).toEqual({ outcome: "published", size: 260 });
  await world.expectSound();
});

describe("nothing is signed, and somebody is paged, when", () => {
  async function expectCorrupt(world: PublishWorld): Promise<void> {
    const [signed, put] = [world.signed.length, world.history.length];
    await expect(world.startPublisher()()).rejects.toEqual(corrupt);
    expect([world.signed.length, world.history.length]).toEqual([signed, put]);
  }

  test("the head was set back", async () => {
    const world = await worldOf(3);
    const old = await headOf(world);
    await world.grow(2);
    await world.startPublisher()();
    world.forgeHead(old);
    await expectCorrupt(world);
  });

  test("the head is gone", async () => {
    const world = await worldOf(3);
    await world.startPublisher()();
    world.forgeHead(undefined);
    await expectCorrupt(world);
  });

  test("the head has another root at the public size", async () => {
    const world = await worldOf(3);
    await world.startPublisher()();
    world.forgeHead({ ...(await headOf(world)), root: "ab".repeat(32) });
    await expectCorrupt(world);
  });

  test("the head has another root than the tiles", async () => {
    const world = await worldOf(3);
    world.forgeHead({ ...(await headOf(world)), root: "ab".repeat(32) });
    await expectCorrupt(world);
  });

  test("the log does not hold what was public", async () => {
    const world = await worldOf(300);
    const other = { origin: ORIGIN, size: 200, root: "ab".repeat(32) };
    world.history.push(await signCheckpoint(other, SIGNER));
    await expectCorrupt(world);
  });

  test.each(["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"])("%s is gone, or is not what it was", async (path) => {
    const world = await worldOf(200);
    await world.startPublisher()();
    await world.grow(100);
    const objects = (await world.stored()).objects as Map<string, Uint8Array>;
    const bytes = objects.get(path) ?? new Uint8Array();
    for (const forged of [Buffer.alloc(bytes.length, 7), bytes.subarray(1), undefined]) {
      if (forged === undefined) objects.delete(path);
      else objects.set(path, forged);
      // What the newest batch put, the publisher puts again: gone it is mended, and another object in its place is found by that.
      if (forged !== undefined) await expectCorrupt(world);
    }
  });

  test.each([
    ["is no note", Buffer.from("checkpoint")],
    ["is empty", Buffer.alloc(0)],
    ["is bytes", Buffer.alloc(70_000, 0xff)],
  ])("the public checkpoint %s", async (_, bytes) => {
    const world = await worldOf(3);
    world.history.push(bytes);
    await expectCorrupt(world);
  });

  test("the public checkpoint is signed by another key of the same name", async () => {
    const world = await worldOf(3);
    const other = testSigner(ORIGIN, Buffer.alloc(32, 9));
    world.history.push(await signCheckpoint({ origin: ORIGIN, size: 2, root: "ab".repeat(32) }, other));
    await expectCorrupt(world);
  });
});

test("a key whose public half is another's publishes nothing", async () => {
  const world = await worldOf(3);
  const mixed = { key: SIGNER.key, sign: testSigner(ORIGIN, Buffer.alloc(32, 9)).sign };
  await expect(world.startPublisher(undefined, mixed)()).rejects.toEqual(
    expect.objectContaining({ code: "NOT_VERIFIED" }),
  );
  expect(world.history).toEqual([]);
});

test("an answer that was lost is found out by reading", async () => {
  const world = await worldOf(3);
  const publishing = world.startPublisher(async (step, perform) => {
    const answer = await perform();
    if (step === "put") throw new Error("the answer was lost");
    return answer;
  });
  expect(await publishing()).toEqual({ outcome: "published", size: 3 });
  expect(world.history).toHaveLength(1);
});

test("a race that is lost to a smaller head is run again, one that is lost to a larger is over", async () => {
  const world = await worldOf(3);
  await world.startPublisher()();
  await world.grow(1);
  const smaller = await signCheckpoint(await headOf(world), SIGNER);
  await world.grow(1);
  const losingTo = (rival: () => Promise<unknown>) => {
    let isLost = false;
    return world.startPublisher(async (step, perform) => {
      if (step === "put" && !isLost) {
        isLost = true;
        await rival();
      }
      return perform();
    });
  };
  expect(await losingTo(async () => world.history.push(smaller))()).toEqual({ outcome: "published", size: 5 });
  await world.grow(1);
  const larger = async (): Promise<void> => {
    await world.grow(1);
    await world.startPublisher()();
  };
  expect(await losingTo(larger)()).toEqual({ outcome: "overtaken", size: 7 });
  const shown = world.history.map((bytes) => openCheckpoint(bytes, SIGNER.key).size);
  expect(shown).toEqual([3, 4, 5, 7]);
});

test("it gives up where every attempt is lost to another, and says so", async () => {
  const world = await worldOf(3);
  const losing = world.startPublisher(async (step, perform) => {
    if (step === "put") throw new GatebookError("HEAD_MOVED", "the checkpoint has moved on");
    return perform();
  });
  await expect(losing()).rejects.toEqual(expect.objectContaining({ code: "HEAD_MOVED" }));
});
