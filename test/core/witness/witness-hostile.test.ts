/** Requests and answers that somebody made to do harm: refused in words, and never cosigned, stored or taken. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { cosign } from "../../../lib/core/evidence/cosignature.ts";
import { proveConsistency } from "../../../lib/core/evidence/prove.ts";
import { formatSignatureLine, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import {
  formatAddCheckpointRequest,
  MAX_REQUEST_BYTES,
  parseAddCheckpointRequest,
} from "../../../lib/core/witness/add-checkpoint-request.ts";
import { askWitness } from "../../../lib/core/witness/ask-witness.ts";
import { reader, treeOf } from "../evidence/decimal-trees.ts";
import { flippedBits, hostileBytes, outcomeOf } from "../evidence/hostile-bytes.ts";
import { witnessSigner } from "../evidence/test-signers.ts";
import { checkpointOf, createWitness, NOW, OTHER_ROOT, requestFor } from "./witness-world.ts";

/** As https://c2sp.org/tlog-witness#add-checkpoint writes it. */
const EXAMPLE = [
  "old 20852014",
  "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=",
  "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
  "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=",
  "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=",
  "",
  "example.com/behind-the-sofa",
  "20852163",
  "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
  "",
  "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=",
  "",
].join("\n");
const HASH = Buffer.from(OTHER_ROOT, "hex").toString("base64");
const parsed = (text: string) => outcomeOf(() => parseAddCheckpointRequest(Buffer.from(text)));

describe("a request", () => {
  test("is read as the specification's example has it, and written the same", () => {
    const request = parseAddCheckpointRequest(Buffer.from(EXAMPLE));
    expect([request.oldSize, request.proof.length]).toEqual([20_852_014, 4]);
    expect(parseNote(request.note).text.split("\n")[1]).toBe("20852163");
    expect(formatAddCheckpointRequest(request).toString()).toBe(EXAMPLE);
  });

  test.each([
    ["nothing", ""],
    ["no empty line", `old 0\n${HASH}\n`],
    ["no size line", `${HASH}\n\nnote`],
    ["a size with a zero before it", "old 07\n\nnote"],
    ["a size with a sign", "old +7\n\nnote"],
    ["a size over 2^53 − 1", "old 9007199254740992\n\nnote"],
    ["two spaces", "old  7\n\nnote"],
    ["a space at the end", "old 7 \n\nnote"],
    ["another case", "OLD 7\n\nnote"],
    ["Windows' newlines", "old 7\r\n\r\nnote\r\n\r\n"],
    ["a hash that is too short", `old 7\n${HASH.slice(4)}\n\nnote`],
    ["a hash in hex", `old 7\n${OTHER_ROOT}\n\nnote`],
    [
      "a hash in another alphabet",
      `old 7\n${HASH.replaceAll("/", "_").replaceAll("+", "-").replace("q", "-")}\n\nnote`,
    ],
    ["64 hashes", `old 7\n${`${HASH}\n`.repeat(64)}\nnote`],
    ["a million hashes", `old 7\n${`${HASH}\n`.repeat(1_000_000)}\nnote`],
    ["a byte too many", "x".repeat(MAX_REQUEST_BYTES + 1)],
  ])("with %s is refused", (_, text) => expect(parsed(text)).toBe("INPUT_INVALID"));

  test("with 63 hashes and the largest size is read", () => {
    const request = parseAddCheckpointRequest(Buffer.from(`old 9007199254740991\n${`${HASH}\n`.repeat(63)}\nnote`));
    expect([request.proof.length, Buffer.from(request.note).toString()]).toEqual([63, "note"]);
  });

  test("survives being written and read", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
    const request = fc.record({
      oldSize: fc.maxSafeNat(),
      proof: fc.array(hash, { maxLength: 63 }),
      note: fc.uint8Array(),
    });
    fc.assert(
      fc.property(request, (one) => {
        expect(parseAddCheckpointRequest(formatAddCheckpointRequest(one))).toEqual(one);
      }),
    );
  });
});

describe("a witness", () => {
  test("never cosigns another tree than the log's, nor stores one, whatever is sent", async () => {
    const files = await Promise.all([requestFor(0, 5), requestFor(5, 9), requestFor(9, 9), requestFor(5, 300)]);
    const forged = formatAddCheckpointRequest({
      oldSize: 5,
      proof: await proveConsistency(reader, 5, 9),
      note: await checkpointOf({ size: 9, root: OTHER_ROOT }),
    });
    await fc.assert(
      fc.asyncProperty(hostileBytes(...files, forged), async (request) => {
        const witness = createWitness();
        await witness.add(0, 5);
        const { outcome } = await witness.ask(request);
        const size = witness.lastSize() ?? 0;
        expect(witness.last()?.root).toBe(treeOf(size).root);
        expect(size).toBeGreaterThanOrEqual(5);
        if (outcome !== "cosigned") expect(size).toBe(5);
      }),
      { numRuns: 1_000 },
    );
  });

  test("cosigns no request with a bit flipped", async () => {
    const witness = createWitness();
    await witness.add(0, 5);
    for (const request of flippedBits(await requestFor(5, 9))) {
      expect((await witness.ask(request)).outcome).not.toBe("cosigned");
    }
    expect(witness.lastSize()).toBe(5);
  });
});

describe("an answer", () => {
  test("is a cosignature that verifies, or refused in words", async () => {
    const note = await checkpointOf(treeOf(5));
    const { text } = parseNote(note);
    const line = formatSignatureLine(await cosign(text, witnessSigner, NOW));
    const question = { size: 5, text, note, prove: (old: number) => proveConsistency(reader, old, 5) };
    const answer = fc.record({
      status: fc.constantFrom(200, 200, 200, 409, 409, 422, 500, 0),
      type: fc.constantFrom("text/plain", "text/x.tlog.size", ""),
      body: hostileBytes(Buffer.from(line), Buffer.from("3\n"), Buffer.from(line + line)),
    });
    await fc.assert(
      fc.asyncProperty(answer, async (one) => {
        const client = { addCheckpoint: async () => one };
        const witness = { url: "https://w1.example", key: witnessSigner.key };
        const signature = await askWitness(witness, question, { client, lastSize: 0 }).catch((cause: unknown) => {
          expect(cause).toBeInstanceOf(GatebookError);
        });
        if (signature !== undefined) expect(formatSignatureLine(signature)).toBe(line);
      }),
      { numRuns: 1_000 },
    );
  });
});
