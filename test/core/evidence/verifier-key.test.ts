/** Verifier keys, hostile ones included. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createVerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  SPKI_PREFIX,
  verifierKeyFromSpki,
} from "../../../lib/core/evidence/verifier-key.ts";
import { hostileBytes, outcomeOf } from "./hostile-bytes.ts";
import { LOG_NAME, logSigner, VECTORS, witnessSigner } from "./test-signers.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });

test("reads the key that golang.org/x/mod wrote, and writes it again", () => {
  const key = parseVerifierKey(VECTORS.vkey);
  expect(key).toMatchObject({ name: LOG_NAME, algorithm: "Ed25519", keyId: "40205097" });
  expect(key.publicKey).toHaveLength(32);
  expect(formatVerifierKey(key)).toBe(VECTORS.vkey);
});

test("makes the same key from what KMS answers", () => {
  expect(formatVerifierKey(logSigner.key)).toBe(VECTORS.vkey);
});

test("a witness's key has another id than a log's with the same name and bytes", () => {
  const { name, publicKey, keyId } = witnessSigner.key;
  const witness = parseVerifierKey(formatVerifierKey(witnessSigner.key));
  expect(witness).toEqual(witnessSigner.key);
  expect(createVerifierKey(name, publicKey).keyId).not.toBe(keyId);
});

test("any key is read back, plus signs in its base64 included", () => {
  const publicKeys = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const algorithms = fc.constantFrom("Ed25519" as const, "cosignature/v1" as const);
  fc.assert(
    fc.property(publicKeys, algorithms, (publicKey, algorithm) => {
      const key = createVerifierKey("log.example/é", publicKey, algorithm);
      expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
    }),
  );
  const plusses = createVerifierKey("log.example", new Uint8Array(32).fill(0xfb));
  expect(formatVerifierKey(plusses).split("+").length).toBeGreaterThan(3);
  expect(parseVerifierKey(formatVerifierKey(plusses))).toEqual(plusses);
});

describe("refuses", () => {
  const encoded = VECTORS.vkey.split("+").slice(2).join("+");
  test.each([
    ["nothing", ""],
    ["a key without an id", `${LOG_NAME}+${encoded}`],
    ["an id of other bytes", `${LOG_NAME}+40205098+${encoded}`],
    ["an id in upper case", `${LOG_NAME}+4020509A+${encoded}`],
    ["a log's id under another name", `example.com/ledger/t2+40205097+${encoded}`],
    ["an empty name", `+40205097+${encoded}`],
    ["a name with a space", `example.com/ledger t1+40205097+${encoded}`],
    ["a name with a no-break space", `example.com/ledger\u00a0t1+40205097+${encoded}`],
    ["a name of two lines", `example.com\n/ledger+40205097+${encoded}`],
    ["base64 in another alphabet", `${LOG_NAME}+40205097+${encoded.replaceAll("/", "_")}`],
    ["base64 without its padding", `${LOG_NAME}+40205097+${encoded.slice(0, -4)}AA`],
    ["a line break behind it", `${VECTORS.vkey}\n`],
    ["an unknown type", `${LOG_NAME}+40205097+${Buffer.alloc(33, 2).toString("base64")}`],
    ["a key of 31 bytes", `${LOG_NAME}+40205097+${Buffer.alloc(32, 1).toString("base64")}`],
    ["a key of 33 bytes", `${LOG_NAME}+40205097+${Buffer.alloc(34, 1).toString("base64")}`],
    ["a key of a megabyte", `${LOG_NAME}+40205097+${"A".repeat(1_000_000)}`],
  ])("%s", (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow(invalid);
  });

  test("a name over 255 bytes, or with half a character in it", () => {
    const { publicKey } = logSigner.key;
    expect(parseVerifierKey(formatVerifierKey(createVerifierKey("é".repeat(127), publicKey))).name).toHaveLength(127);
    for (const name of ["é".repeat(128), "half-\ud800"]) {
      expect(() => createVerifierKey(name, publicKey)).toThrow(invalid);
    }
  });

  test("an SPKI of another kind or length", () => {
    const p256 = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");
    const cut = Buffer.concat([SPKI_PREFIX, Buffer.alloc(31)]);
    const long = Buffer.concat([SPKI_PREFIX, Buffer.alloc(33)]);
    for (const spki of [p256, cut, long, Buffer.alloc(0), Buffer.alloc(44)]) {
      expect(() => verifierKeyFromSpki(LOG_NAME, spki)).toThrow(invalid);
    }
  });

  test("whatever else it is given, with INPUT_INVALID and nothing worse", () => {
    fc.assert(
      fc.property(hostileBytes(Buffer.from(VECTORS.vkey)), (bytes) => {
        const text = bytes.toString("latin1");
        const outcome = outcomeOf(() => formatVerifierKey(parseVerifierKey(text)));
        expect(outcome).toBeOneOf(["INPUT_INVALID", text]);
      }),
      { numRuns: 1000 },
    );
  });
});
