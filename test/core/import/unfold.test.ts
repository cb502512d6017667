/** Gzip in a stream: what it holds, and what it may not do to us. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MAX_RATIO, unfold } from "../../../lib/core/import/unfold.ts";
import { collect, inChunks } from "./streams.ts";

const TEXT = Buffer.from(JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ i, name: `record ${i} é🔑` }))));
const FOLDED = gzipSync(TEXT);
const MIB = 1024 * 1024;

const unfolded = async (source: AsyncIterable<Uint8Array>) => Buffer.concat(await collect(unfold(source)));
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringMatching(message) });

describe("bytes come out as they were", () => {
  test.each([
    ["gzip", FOLDED, 65_536],
    ["gzip, byte by byte", FOLDED, 1],
    ["several gzip files in one", Buffer.concat([gzipSync(TEXT.subarray(0, 999)), gzipSync(TEXT.subarray(999))]), 100],
    ["plain text", TEXT, 65_536],
    ["plain text, byte by byte", TEXT.subarray(0, 2_000), 1],
  ])("of %s", async (name, bytes, size) => {
    const expected = name === "plain text, byte by byte" ? TEXT.subarray(0, 2_000) : TEXT;
    expect((await unfolded(inChunks(bytes, size))).equals(expected)).toBe(true);
  });

  test("of files too short to tell", async () => {
    expect(await unfolded(inChunks(""))).toHaveLength(0);
    expect((await unfolded(inChunks("{"))).toString()).toBe("{");
    expect(await unfolded(inChunks(gzipSync("")))).toHaveLength(0);
  });
});

describe("a file is refused", () => {
  test("that ends too early, when all before that came out", async () => {
    const chunks: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of unfold(inChunks(FOLDED.subarray(0, FOLDED.length / 2)))) chunks.push(chunk);
    };
    await expect(read()).rejects.toEqual(refusal(/^is damaged gzip \(unexpected end of file\)/));
    const before = Buffer.concat(chunks);
    expect(before.length).toBeGreaterThan(0);
    expect(TEXT.subarray(0, before.length).equals(before)).toBe(true);
  });

  test("that was changed on its way", async () => {
    const changed = Buffer.from(FOLDED);
    changed.fill(0xff, 200, 260);
    await expect(unfolded(inChunks(changed))).rejects.toEqual(refusal(/^is damaged gzip/));
    await expect(unfolded(inChunks(Buffer.from([0x1f, 0x8b, 0, 0, 0])))).rejects.toEqual(refusal(/^is damaged gzip/));
  });

  test("that unfolds without end, long before it has done so", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB, " "), { level: 9 });
    expect(bomb.length).toBeLessThan(MIB);
    let bytes = 0;
    const read = async () => {
      for await (const chunk of unfold(inChunks(bomb))) bytes += chunk.byteLength;
    };
    await expect(read()).rejects.toEqual(refusal(new RegExp(`^unfolds to more than ${MAX_RATIO} times its size`)));
    expect(bytes).toBeLessThan(40 * MIB);
  });

  test("that has more bytes than a log file, however they are packed", async () => {
    const chunk = Buffer.alloc(64 * MIB, " ");
    const endless = async function* () {
      for (;;) yield chunk;
    };
    await expect(collectNothing(unfold(endless()))).rejects.toEqual(refusal(/^unfolds to more than 1073741824 bytes/));
  });
});

test.each([
  ["gzip", FOLDED],
  ["plain", TEXT],
])("a source that fails under %s fails with its own error, to be tried again", async (_, bytes) => {
  const cut = new Error("socket hang up");
  const failing = async function* () {
    yield bytes.subarray(0, 100);
    throw cut;
  };
  await expect(unfolded(failing())).rejects.toBe(cut);
});

test.each([
  ["gzip", FOLDED],
  ["plain", TEXT],
])("a reader of %s that stops half-way lets go of the source", async (_, bytes) => {
  let isOpen = true;
  const source = async function* () {
    try {
      for (;;) yield bytes.subarray(0, 1_000);
    } finally {
      isOpen = false;
    }
  };
  for await (const _chunk of unfold(source())) break;
  expect(isOpen).toBe(false);
});

async function collectNothing(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}
