/** Proof files: what the vectors prove, and what no altered file does. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { cosign } from "../../../lib/core/evidence/cosignature.ts";
import { proveInclusion } from "../../../lib/core/evidence/prove.ts";
import { openCheckpoint, signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { formatNote, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import {
  checkTlogProof,
  formatTlogProof,
  parseTlogProof,
  type TlogProof,
} from "../../../lib/core/evidence/tlog-proof.ts";
import { parseVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { storedDecimals } from "./decimal-source.ts";
import { flippedBits, hostileBytes, outcomeOf } from "./hostile-bytes.ts";
import { LOG_NAME, logSigner, VECTORS, witnessSigner } from "./test-signers.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const notVerified = expect.objectContaining({ code: "NOT_VERIFIED" });

const LOG_KEY = parseVerifierKey(VECTORS.vkey);
const ENTRY = Buffer.from("66666");
const PROOF: TlogProof = {
  index: 66_666,
  hashes: VECTORS.inclusion_66666_in_70000,
  checkpoint: Buffer.from(VECTORS.checkpoint_70000),
};
const FILE = formatTlogProof(PROOF);
const HASH_LINES = VECTORS.inclusion_66666_in_70000.map((hash) => Buffer.from(hash, "hex").toString("base64"));

describe("the proof file of the vectors", () => {
  test("is lines of text and the checkpoint as it is", () => {
    const lines = ["c2sp.org/tlog-proof@v1", "index 66666", ...HASH_LINES, "", VECTORS.checkpoint_70000];
    expect(FILE.toString()).toBe(lines.join("\n"));
  });

  test("is read back and proves its entry", () => {
    expect(parseTlogProof(FILE)).toEqual(PROOF);
    const checked = checkTlogProof(ENTRY, parseTlogProof(FILE), LOG_KEY);
    expect(checked).toMatchObject({ origin: LOG_NAME, size: 70_000, root: VECTORS.roots["70000"] });
  });

  test("proves nothing with any one bit flipped", () => {
    for (const flipped of flippedBits(FILE)) {
      const outcome = outcomeOf(() => checkTlogProof(ENTRY, parseTlogProof(flipped), LOG_KEY));
      expect(outcome).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
    }
  });

  test("proves no other entry, and none with any one bit flipped", () => {
    for (const entry of [...flippedBits(ENTRY), Buffer.from(""), Buffer.from("66667"), Buffer.from("66666\n")]) {
      expect(() => checkTlogProof(entry, PROOF, LOG_KEY)).toThrow(notVerified);
    }
  });

  test("proves nothing for another log's key", () => {
    expect(() => checkTlogProof(ENTRY, PROOF, { ...LOG_KEY, name: "example.com/ledger/t2" })).toThrow(notVerified);
  });

  test("carries data that nobody signed, and proves the entry all the same", () => {
    const extra = Buffer.from([0, 1, 2, 0xff]);
    const bytes = formatTlogProof({ ...PROOF, extra });
    expect(bytes.toString()).toContain("@v1\nextra AAEC/w==\nindex 66666\n");
    expect(parseTlogProof(bytes)).toEqual({ ...PROOF, extra });
    checkTlogProof(ENTRY, parseTlogProof(bytes), LOG_KEY);
  });

  test("shows the witnesses of its checkpoint", async () => {
    const { text, signatures } = parseNote(PROOF.checkpoint);
    const checkpoint = formatNote({ text, signatures: [...signatures, await cosign(text, witnessSigner, 5000)] });
    const proof = parseTlogProof(formatTlogProof({ ...PROOF, checkpoint }));
    const { cosigned } = checkTlogProof(ENTRY, proof, LOG_KEY, [witnessSigner.key]);
    expect(cosigned).toEqual([{ witness: witnessSigner.key, time: 5000 }]);
  });
});

describe("proof files", () => {
  let checkpoint: Buffer;
  const { reader, tree } = storedDecimals(300);

  beforeAll(async () => {
    checkpoint = await signCheckpoint({ origin: LOG_NAME, ...tree }, logSigner);
  });

  test("of all entries of a log verify, and of none for another", async () => {
    for (let index = 0; index < 300; index += 1) {
      const file = formatTlogProof({ index, hashes: await proveInclusion(reader, index, 300), checkpoint });
      const proof = parseTlogProof(file);
      expect(checkTlogProof(Buffer.from(String(index)), proof, logSigner.key).size).toBe(300);
      expect(() => checkTlogProof(Buffer.from(String((index + 1) % 300)), proof, logSigner.key)).toThrow(notVerified);
    }
  });

  test("of a log's only entry have no hashes", async () => {
    const single = await signCheckpoint({ origin: LOG_NAME, ...storedDecimals(1).tree }, logSigner);
    const file = formatTlogProof({ index: 0, hashes: [], checkpoint: single });
    expect(file.toString()).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${single.toString()}`);
    checkTlogProof(Buffer.from("0"), parseTlogProof(file), logSigner.key);
    for (const flipped of flippedBits(file)) {
      const outcome = outcomeOf(() => checkTlogProof(Buffer.from("0"), parseTlogProof(flipped), logSigner.key));
      expect(outcome).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
    }
  });
});

describe("refuses", () => {
  const rest = `\n\n${VECTORS.checkpoint_70000}`;
  const [first = ""] = HASH_LINES;
  test.each([
    ["nothing", ""],
    ["no empty line", "c2sp.org/tlog-proof@v1\nindex 0\n"],
    ["another version", `c2sp.org/tlog-proof@v2\nindex 0${rest}`],
    ["no index", `c2sp.org/tlog-proof@v1${rest}`],
    ["an index behind the hashes", `c2sp.org/tlog-proof@v1\n${first}\nindex 0${rest}`],
    ["an index with a leading zero", `c2sp.org/tlog-proof@v1\nindex 00${rest}`],
    ["a negative index", `c2sp.org/tlog-proof@v1\nindex -1${rest}`],
    ["an index of 2^53", `c2sp.org/tlog-proof@v1\nindex 9007199254740992${rest}`],
    ["extra data that is not base64", `c2sp.org/tlog-proof@v1\nextra ?\nindex 0${rest}`],
    ["an extra line without data", `c2sp.org/tlog-proof@v1\nextra \nindex 0${rest}`],
    ["two extra lines", `c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0${rest}`],
    ["extra data behind the index", `c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA${rest}`],
    ["a hash of 31 bytes", `c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(31).toString("base64")}${rest}`],
    ["a hash with a space", `c2sp.org/tlog-proof@v1\nindex 0\n${first} ${rest}`],
    ["carriage returns", `c2sp.org/tlog-proof@v1\r\nindex 0\r\n${rest}`],
    ["64 hashes", `c2sp.org/tlog-proof@v1\nindex 0${`\n${first}`.repeat(64)}${rest}`],
    ["70,000 bytes of extra data", `c2sp.org/tlog-proof@v1\nextra ${"AAAA".repeat(17_500)}\nindex 0${rest}`],
  ])("%s", (_, text) => {
    expect(() => parseTlogProof(Buffer.from(text))).toThrow(invalid);
  });

  test("a file of a megabyte before it looks at it", () => {
    expect(() => parseTlogProof(Buffer.concat([FILE, Buffer.alloc(1_000_000, "x")]))).toThrow(invalid);
  });

  test("to write what it could not read back", () => {
    for (const wrong of [
      { index: -1 },
      { index: 0.5 },
      { index: 1e21 },
      { hashes: ["ab"] },
      { extra: Buffer.alloc(0) },
    ]) {
      expect(() => formatTlogProof({ ...PROOF, ...wrong })).toThrow(invalid);
    }
    expect(() => formatTlogProof({ ...PROOF, hashes: PROOF.hashes.map((hash) => hash.toUpperCase()) })).toThrow(
      invalid,
    );
  });

  test("a checkpoint that is none", () => {
    const proof = parseTlogProof(formatTlogProof({ ...PROOF, checkpoint: Buffer.from("no checkpoint") }));
    expect(() => checkTlogProof(ENTRY, proof, LOG_KEY)).toThrow(invalid);
  });

  test("whatever else it is given, with INPUT_INVALID or NOT_VERIFIED and nothing worse", () => {
    const signed = openCheckpoint(PROOF.checkpoint, LOG_KEY).text;
    fc.assert(
      fc.property(hostileBytes(FILE, formatTlogProof({ ...PROOF, extra: Buffer.from("x") })), (bytes) => {
        const written = outcomeOf(() => formatTlogProof(parseTlogProof(bytes)));
        expect(written === "INPUT_INVALID" || (Buffer.isBuffer(written) && written.equals(bytes))).toBe(true);
        const checked = outcomeOf(() => checkTlogProof(ENTRY, parseTlogProof(bytes), LOG_KEY));
        if (typeof checked === "object") expect(checked.text).toBe(signed);
        else expect(checked).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
      }),
      { numRuns: 2000 },
    );
  });
});
