/** Signed notes: written, read, opened; and what must not open. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signNote } from "../../../lib/core/evidence/note-signer.ts";
import { openNote } from "../../../lib/core/evidence/open-note.ts";
import { formatNote, MAX_NOTE_BYTES, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import { parseVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { flippedBits, hostileBytes, outcomeOf } from "./hostile-bytes.ts";
import { LOG_SEED, logSigner, testSigner, witnessSigner } from "./test-signers.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const notVerified = expect.objectContaining({ code: "NOT_VERIFIED" });

/** The worked example of golang.org/x/mod/sumdb/note. */
const NEUMANN = parseVerifierKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
const NEUMANN_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NEUMANN_NOTE = Buffer.from(
  `${NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
);

const TEXT = "first\n\nafter an empty line, é\n";
const noteOf = async (text: string, ...signers: readonly (typeof logSigner)[]) =>
  formatNote({ text, signatures: await Promise.all(signers.map((signer) => signNote(text, signer))) });
const stranger = testSigner("stranger.example", Buffer.alloc(32, 9));

describe("a note", () => {
  test("that Go's note package signed opens with its key and is written as it was", () => {
    expect(openNote(NEUMANN_NOTE, [NEUMANN])).toEqual({ text: NEUMANN_TEXT, signatures: [{ key: NEUMANN }] });
    expect(formatNote(parseNote(NEUMANN_NOTE))).toEqual(NEUMANN_NOTE);
  });

  test("is read back, with empty lines in its text and several signatures", async () => {
    const bytes = await noteOf(TEXT, logSigner, stranger);
    const { text, signatures } = parseNote(bytes);
    expect(text).toBe(TEXT);
    expect(signatures.map(({ name, keyId }) => [name, keyId])).toEqual([
      [logSigner.key.name, logSigner.key.keyId],
      [stranger.key.name, stranger.key.keyId],
    ]);
    expect(openNote(bytes, [logSigner.key, stranger.key]).signatures).toHaveLength(2);
  });

  test("opens though strangers signed it too, even under the name or the id of the key", async () => {
    const { text, signatures } = parseNote(await noteOf(TEXT, logSigner));
    const signature = new Uint8Array(64);
    const bytes = formatNote({
      text,
      signatures: [
        { name: logSigner.key.name, keyId: "00000000", signature },
        { name: "stranger.example", keyId: logSigner.key.keyId, signature: signature.subarray(0, 1) },
        ...signatures,
      ],
    });
    expect(openNote(bytes, [logSigner.key])).toEqual({ text: TEXT, signatures: [{ key: logSigner.key }] });
  });

  test("of 100 signatures is read, and one of 101 is not", async () => {
    const { text, signatures } = parseNote(await noteOf(TEXT, logSigner));
    const many = Array.from({ length: 101 }, () => signatures).flat();
    expect(openNote(formatNote({ text, signatures: many.slice(1) }), [logSigner.key]).signatures).toHaveLength(100);
    expect(() => formatNote({ text, signatures: many })).toThrow(invalid);
  });
});

describe("does not open", () => {
  test("a note that no known key signed", async () => {
    const bytes = await noteOf(TEXT, stranger);
    expect(() => openNote(bytes, [logSigner.key])).toThrow(notVerified);
    expect(() => openNote(bytes, [])).toThrow(notVerified);
  });

  test("a note that one known key signed and another only seems to have", async () => {
    const { text, signatures } = parseNote(await noteOf(TEXT, logSigner, stranger));
    const forged = signatures.map((signature) =>
      signature.name === "stranger.example" ? { ...signature, signature: new Uint8Array(64) } : signature,
    );
    const bytes = formatNote({ text, signatures: forged });
    expect(() => openNote(bytes, [logSigner.key, stranger.key])).toThrow(notVerified);
    expect(openNote(bytes, [logSigner.key]).signatures).toHaveLength(1);
  });

  test.each([1, 63, 65, 128])("a note whose signature of a known key has %i bytes", async (length) => {
    const { text, signatures } = parseNote(await noteOf(TEXT, logSigner));
    const cut = signatures.map((known) => {
      const signature = new Uint8Array(length);
      signature.set(known.signature.subarray(0, length));
      return { ...known, signature };
    });
    expect(() => openNote(formatNote({ text, signatures: cut }), [logSigner.key])).toThrow(notVerified);
  });

  test("a note with a second, false signature of the same key", async () => {
    const { text, signatures } = parseNote(await noteOf(TEXT, logSigner));
    const forged = signatures.map((signature) => ({ ...signature, signature: new Uint8Array(64) }));
    const bytes = formatNote({ text, signatures: [...signatures, ...forged] });
    expect(() => openNote(bytes, [logSigner.key])).toThrow(notVerified);
  });

  test("a note of which any one bit was flipped", () => {
    for (const flipped of flippedBits(NEUMANN_NOTE)) {
      expect(outcomeOf(() => openNote(flipped, [NEUMANN]))).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
    }
  });
});

describe("refuses", () => {
  const line = NEUMANN_NOTE.toString().split("\n").at(-2) ?? "";
  test.each([
    ["nothing", ""],
    ["a text alone", "text\n"],
    ["a text without signatures", "text\n\n"],
    ["a text that does not end in a newline", `text${line}\n`],
    ["no empty line before the signatures", `text\n${line}\n`],
    ["no newline at the end", `text\n\n${line}`],
    ["a hyphen for the dash", `text\n\n${line.replace("—", "-")}\n`],
    ["two spaces", `text\n\n${line.replace("— ", "—  ")}\n`],
    ["a space behind the signature", `text\n\n${line} \n`],
    ["a carriage return", `text\r\n\n${line}\n`],
    ["a NUL", `te\u0000xt\n\n${line}\n`],
    ["a tab", `te\txt\n\n${line}\n`],
    ["a name with a plus", `text\n\n${line.replace("Peter", "Peter+")}\n`],
    ["a name with a wide space", `text\n\n${line.replace("Peter", "Peter\u3000")}\n`],
    ["no name", "text\n\n—  AAAAAAAA\n"],
    ["a signature that is only a key id", "text\n\n— name AAAAAA==\n"],
    ["base64 that says the same bytes in other letters", `text\n\n${line.replace("JnAM=", "JnAN=")}\n`],
    ["base64 without padding", `text\n\n${line.replace("=", "")}\n`],
    ["a line among the signatures that is none", `text\n\n${line}\nhello\n`],
  ])("%s", (_, text) => {
    expect(() => parseNote(Buffer.from(text))).toThrow(invalid);
  });

  test("bytes that are not UTF-8, and a surrogate half", () => {
    expect(() => parseNote(Buffer.concat([Buffer.of(0xff), NEUMANN_NOTE]))).toThrow(invalid);
    const surrogate = Buffer.from([0xed, 0xa0, 0x80]);
    expect(() => parseNote(Buffer.concat([surrogate, NEUMANN_NOTE]))).toThrow(invalid);
  });

  test("a note over the limit, and takes one at the limit", () => {
    const text = "x".repeat(MAX_NOTE_BYTES - Buffer.byteLength(`\n\n${line}\n`));
    expect(parseNote(Buffer.from(`${text}\n\n${line}\n`)).signatures).toHaveLength(1);
    expect(() => parseNote(Buffer.from(`${text}x\n\n${line}\n`))).toThrow(invalid);
  });

  test("to write what it could not read back", async () => {
    const { signatures } = parseNote(NEUMANN_NOTE);
    for (const text of ["", "no newline", "a\u0007bell\n", "half a pair \ud800\n", "a\n\nb"]) {
      expect(() => formatNote({ text, signatures })).toThrow(invalid);
    }
    expect(() => formatNote({ text: TEXT, signatures: [] })).toThrow(invalid);
    const [first] = signatures;
    const named = first === undefined ? [] : [{ ...first, name: "x AAAAAAAA\n\n— y" }];
    expect(() => formatNote({ text: TEXT, signatures: named })).toThrow(invalid);
  });

  test("whatever else it is given, with INPUT_INVALID and nothing worse", () => {
    fc.assert(
      fc.property(hostileBytes(NEUMANN_NOTE), (bytes) => {
        const outcome = outcomeOf(() => formatNote(parseNote(bytes)));
        expect(outcome === "INPUT_INVALID" || (Buffer.isBuffer(outcome) && outcome.equals(bytes))).toBe(true);
        const opened = outcomeOf(() => openNote(bytes, [NEUMANN]));
        if (typeof opened === "object") expect(opened.text).toBe(NEUMANN_TEXT);
        else expect(opened).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a log's signature is not made", () => {
  test("with a witness's key", async () => {
    await expect(signNote(TEXT, witnessSigner)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("by a signer that holds another private key than it says", async () => {
    const { sign } = testSigner(logSigner.key.name, Buffer.from(LOG_SEED).fill(1, 31));
    await expect(signNote(TEXT, { key: logSigner.key, sign })).rejects.toMatchObject({ code: "NOT_VERIFIED" });
  });
});
