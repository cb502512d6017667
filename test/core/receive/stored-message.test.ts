/** What is too large for the queue comes out of the store as it went in, or not at all. */
import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryMessageStore } from "../../../lib/adapters/memory-message-store.ts";
import {
  fetchBody,
  isPointer,
  MAX_INLINE_BYTES,
  MAX_STORED_BYTES,
  storedBytes,
  toQueueText,
} from "../../../lib/core/receive/stored-message.ts";

const SQS_MAX_BYTES = 1024 * 1024;
const LARGE = JSON.stringify({ v: 1, kind: "gatebook", message: "é😀\u0000".repeat(300_000) });

async function stored(body = LARGE) {
  const objects = new Map<string, Uint8Array>();
  const store = memoryMessageStore(objects);
  const text = await toQueueText(body, store);
  return { objects, store, text, pointer: isPointer(text) ? JSON.parse(text) : undefined };
}

describe("a message", () => {
  test("goes into the queue as it is while it fits, with room for the reason of a rejection", async () => {
    const body = "x".repeat(MAX_INLINE_BYTES);
    const { objects, store, text } = await stored(body);
    expect([text, objects.size, storedBytes(text)]).toEqual([body, 0, 0]);
    expect(await fetchBody(text, store)).toBe(body);
    expect(SQS_MAX_BYTES - MAX_INLINE_BYTES).toBeGreaterThan(8 * 1024);
  });

  test("is counted in bytes, not in characters", async () => {
    expect((await stored("é".repeat(MAX_INLINE_BYTES / 2))).pointer).toBeUndefined();
    expect((await stored("é".repeat(MAX_INLINE_BYTES / 2 + 1))).pointer).toBeDefined();
  });

  test("too large for the queue leaves a pointer by its content, and comes back whole", async () => {
    const { objects, store, text, pointer } = await stored();
    const sha256 = hash("sha256", LARGE, "hex");
    expect(pointer).toEqual({
      v: 1,
      kind: "stored",
      key: `messages/${sha256}`,
      bytes: Buffer.byteLength(LARGE),
      sha256,
    });
    expect([...objects.keys()]).toEqual([`messages/${sha256}`]);
    expect(storedBytes(text)).toBe(Buffer.byteLength(LARGE));
    expect(await fetchBody(text, store)).toBe(LARGE);
  });

  test("sent again is the same pointer to the same object", async () => {
    const { objects, store, text } = await stored();
    expect(await toQueueText(LARGE, store)).toBe(text);
    expect(objects.size).toBe(1);
  });

  test("too large for the store is refused, not cut", async () => {
    await expect(stored("x".repeat(MAX_STORED_BYTES + 1))).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect((await stored("x".repeat(MAX_STORED_BYTES))).pointer.bytes).toBe(MAX_STORED_BYTES);
  });

  test("that the store does not take is not sent", async () => {
    const full = { ...memoryMessageStore(), put: () => Promise.reject(new Error("away")) };
    await expect(toQueueText(LARGE, full)).rejects.toThrow("away");
  });
});

describe("a pointer", () => {
  const SHA = "a".repeat(64);
  const good = { v: 1, kind: "stored", key: `messages/${SHA}`, bytes: 7, sha256: SHA };

  test.each<[string, object, string]>([
    ["to another folder", { key: `staged/${SHA}` }, "key: is not messages/<sha256>"],
    ["to another object", { key: `messages/${"b".repeat(64)}` }, "key: is not messages/<sha256>"],
    ["out of the folder", { key: `messages/../${SHA}`, sha256: SHA }, "key: is not messages/<sha256>"],
    ["with no hash", { sha256: "x" }, "sha256: is no SHA-256"],
    ["to nothing", { bytes: 0 }, "bytes: "],
    ["to a part of a byte", { bytes: 1.5 }, "bytes: "],
    ["to gigabytes", { bytes: 2 ** 31 }, "bytes: is more than the 8388608 bytes that are stored"],
    ["with members of other types", { key: 7, bytes: "7", sha256: null }, "key: "],
    ["to what is not there", {}, "is not there"],
  ])("%s is rejected with the reason", async (_, fields, reason) => {
    const text = JSON.stringify({ ...good, ...fields });
    const error = await fetchBody(text, memoryMessageStore()).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining(reason) });
  });

  test("that is cut off is rejected without a word of it", async () => {
    const error = await fetchBody('{"v":1,"kind":"stored","key":"secret', memoryMessageStore()).catch((e: Error) => e);
    expect(error).toMatchObject({ code: "INPUT_INVALID", message: expect.not.stringContaining("secret") });
    expect(storedBytes('{"v":1,"kind":"stored","key":"secret')).toBe(0);
  });

  test.each([
    ["another object of the same length", (bytes: Uint8Array) => Buffer.from(bytes).fill(65)],
    ["a part of it", (bytes: Uint8Array) => bytes.subarray(1)],
    ["more than it", (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from("x")])],
    ["an empty object", () => new Uint8Array()],
  ])("to %s is rejected", async (_, change) => {
    const { objects, store, text, pointer } = await stored();
    objects.set(pointer.key, change(objects.get(pointer.key) ?? new Uint8Array()));
    await expect(fetchBody(text, store)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("to an object with one bit changed is rejected, whichever it is", async () => {
    const { objects, store, text, pointer } = await stored();
    const bytes = Buffer.from(objects.get(pointer.key) ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        objects.set(pointer.key, changed);
        await expect(fetchBody(text, store)).rejects.toMatchObject({ code: "INPUT_INVALID" });
      }),
      { numRuns: 20 },
    );
  });

  test("to a store that is away is worth another try", async () => {
    const { text } = await stored();
    const away = { ...memoryMessageStore(), get: () => Promise.reject(new Error("SlowDown")) };
    const error = await fetchBody(text, away).catch((cause: Error) => cause);
    expect(error).toMatchObject({ message: "SlowDown" });
    expect(error).not.toHaveProperty("code");
  });
});
