/** Evidence that is not in order stops a release. */
import { describe, expect, test } from "vitest";
import { formatCheckpoint } from "../../../lib/core/evidence/checkpoint.ts";
import { decide, textsOf } from "./decide.ts";
import { release } from "./release.ts";

describe("the evidence log", () => {
  const root = "ab".repeat(32);
  const noted = (size: number): Uint8Array =>
    Buffer.from(
      `${formatCheckpoint({ origin: "o/0", size, root })}\n— o/0 ${Buffer.alloc(68, 1).toString("base64")}\n`,
    );

  test.each<
    readonly [
      name: string,
      head: number | undefined,
      checkpoint: Uint8Array | undefined,
      before: number,
      text: RegExp | undefined,
    ]
  >([
    ["that is signed as far as it goes is in order", 7, noted(7), 7, undefined],
    ["that grew in the last minutes is in order", 9, noted(7), 7, undefined],
    ["that is new is in order", undefined, undefined, 0, undefined],
    ["that was not signed for long stops it", 9, noted(7), 8, /has not been signed for more than 10 minutes/],
    ["that was never signed stops it", 9, undefined, 8, /has not been signed for more than 10 minutes/],
    ["that was set back stops it", 5, noted(7), 5, /^7 entries of the evidence log are signed, and its head has 5/],
    ["without its head stops it", undefined, noted(7), 0, /its head has 0/],
    ["with a checkpoint that is none stops it", 7, Buffer.from("not a note"), 7, /cannot be read/],
  ])("%s", async (_, head, checkpoint, sizeBefore, text) => {
    const shard = { shard: 0, head: head === undefined ? undefined : { size: head, root }, checkpoint, sizeBefore };
    const decision = await decide(release(), { evidence: async () => [shard] });
    expect(textsOf(decision)).toEqual(text === undefined ? [] : [expect.stringMatching(text)]);
  });

  test("with another root than its checkpoint stops it, and the shard is named", async () => {
    const shard = { shard: 2, head: { size: 7, root: "cd".repeat(32) }, checkpoint: noted(7), sizeBefore: 7 };
    const decision = await decide(release(), { evidence: async () => [shard] });
    expect(textsOf(decision)).toEqual([expect.stringMatching(/another root than its signed checkpoint \(shard 2\)$/)]);
  });
});
