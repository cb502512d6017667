/** Checkpoints: their text, their signature, and what must not open. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCheckpoint, parseCheckpoint } from "../../../lib/core/evidence/checkpoint.ts";
import { signNote } from "../../../lib/core/evidence/note-signer.ts";
import { openCheckpoint, signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { formatNote } from "../../../lib/core/evidence/signed-note.ts";
import { createVerifierKey, parseVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { flippedBits, hostileBytes, outcomeOf } from "./hostile-bytes.ts";
import { LOG_NAME, logSigner, testSigner, VECTORS, witnessSigner } from "./test-signers.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const notVerified = expect.objectContaining({ code: "NOT_VERIFIED" });

const SIGNED = Buffer.from(VECTORS.checkpoint_70000);
const CHECKPOINT = { origin: LOG_NAME, size: 70_000, root: VECTORS.roots["70000"] ?? "" };
const LOG_KEY = parseVerifierKey(VECTORS.vkey);
const ROOT = Buffer.from(CHECKPOINT.root, "hex").toString("base64");

async function signText(text: string, signer = logSigner): Promise<Buffer> {
  return formatNote({ text, signatures: [await signNote(text, signer)] });
}

describe("the checkpoint that golang.org/x/mod signed", () => {
  test("opens with its key", () => {
    const text = `${LOG_NAME}\n70000\n${ROOT}\n`;
    expect(openCheckpoint(SIGNED, LOG_KEY)).toEqual({ ...CHECKPOINT, text, cosigned: [] });
  });

  test("comes out byte for byte when the same key signs the same tree", async () => {
    expect((await signCheckpoint(CHECKPOINT, logSigner)).toString()).toBe(VECTORS.checkpoint_70000);
  });

  test("does not open with any one bit flipped", () => {
    for (const flipped of flippedBits(SIGNED)) {
      expect(outcomeOf(() => openCheckpoint(flipped, LOG_KEY))).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
    }
  });

  test("does not open with another key of the same name", () => {
    const other = createVerifierKey(LOG_NAME, witnessSigner.key.publicKey);
    expect(() => openCheckpoint(SIGNED, other)).toThrow(notVerified);
    // Even where somebody found a key whose id collides.
    expect(() => openCheckpoint(SIGNED, { ...other, keyId: LOG_KEY.keyId })).toThrow(notVerified);
  });
});

test("any checkpoint is read back", () => {
  const origin = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !text.includes("\n"));
  const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
  fc.assert(
    fc.property(fc.record({ origin, size: fc.maxSafeNat(), root }), (checkpoint) => {
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
});

test("extension lines of other logs are read over, and are part of what was signed", async () => {
  const text = `${LOG_NAME}\n5\n${ROOT}\nan extension\nanother\n`;
  expect(openCheckpoint(await signText(text), LOG_KEY)).toMatchObject({ size: 5, text });
});

describe("does not open", () => {
  test("a checkpoint of another origin that the log's key signed", async () => {
    const bytes = await signText(`example.com/ledger/t2\n70000\n${ROOT}\n`);
    expect(() => openCheckpoint(bytes, LOG_KEY)).toThrow(notVerified);
  });

  test("a signed note that is no checkpoint", async () => {
    const bytes = await signText("hello\n");
    expect(() => openCheckpoint(bytes, LOG_KEY)).toThrow(invalid);
  });

  test("with a witness's key in the place of the log's", () => {
    expect(() => openCheckpoint(SIGNED, witnessSigner.key)).toThrow(invalid);
  });
});

test("is not signed with another log's key", async () => {
  const other = testSigner("example.com/ledger/t2", Buffer.alloc(32, 3));
  await expect(signCheckpoint(CHECKPOINT, other)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

describe("refuses", () => {
  test.each([
    ["nothing", ""],
    ["two lines", `${LOG_NAME}\n5\n`],
    ["no newline at the end", `${LOG_NAME}\n5\n${ROOT}`],
    ["an empty origin", `\n5\n${ROOT}\n`],
    ["an empty extension line", `${LOG_NAME}\n5\n${ROOT}\n\nmore\n`],
    ["a size with a leading zero", `${LOG_NAME}\n05\n${ROOT}\n`],
    ["a size with a sign", `${LOG_NAME}\n+5\n${ROOT}\n`],
    ["a negative size", `${LOG_NAME}\n-5\n${ROOT}\n`],
    ["a size with an exponent", `${LOG_NAME}\n5e3\n${ROOT}\n`],
    ["a size with a space", `${LOG_NAME}\n5 \n${ROOT}\n`],
    ["a size in other digits", `${LOG_NAME}\n٥\n${ROOT}\n`],
    ["a size of 2^53", `${LOG_NAME}\n9007199254740992\n${ROOT}\n`],
    ["a size of a thousand digits", `${LOG_NAME}\n${"9".repeat(1000)}\n${ROOT}\n`],
    ["a root of 31 bytes", `${LOG_NAME}\n5\n${Buffer.alloc(31).toString("base64")}\n`],
    ["a root of 33 bytes", `${LOG_NAME}\n5\n${Buffer.alloc(33).toString("base64")}\n`],
    ["a root in hex", `${LOG_NAME}\n5\n${CHECKPOINT.root}\n`],
  ])("%s", (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(invalid);
  });

  test("to write what it could not read back", () => {
    for (const wrong of [{ origin: "" }, { origin: "a\nb" }, { size: -1 }, { size: 0.5 }, { size: 2 ** 53 }]) {
      expect(() => formatCheckpoint({ ...CHECKPOINT, ...wrong })).toThrow(invalid);
    }
    for (const root of ["", "ab", CHECKPOINT.root.toUpperCase(), `${CHECKPOINT.root}00`, "zz".repeat(32)]) {
      expect(() => formatCheckpoint({ ...CHECKPOINT, root })).toThrow(invalid);
    }
  });

  test("whatever else it is given, with INPUT_INVALID or NOT_VERIFIED and nothing worse", () => {
    fc.assert(
      fc.property(hostileBytes(SIGNED), (bytes) => {
        const parsed = outcomeOf(() => parseCheckpoint(bytes.toString("utf8")));
        expect(parsed === "INPUT_INVALID" || typeof parsed === "object").toBe(true);
        const opened = outcomeOf(() => openCheckpoint(bytes, LOG_KEY));
        if (typeof opened === "object") expect(opened).toMatchObject(CHECKPOINT);
        else expect(opened).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
      }),
      { numRuns: 2000 },
    );
  });
});
