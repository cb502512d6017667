/** Witnesses in gatebook.yml: an address and a key that can be used, or a line that says why not. */
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { readWitnessedLogs, readWitnesses } from "../../../lib/core/configuration/read-witnesses.ts";
import { formatVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { LOG_NAME, logSigner, testSigner, witnessSigner } from "../evidence/test-signers.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example] }\n";
const WITNESS = formatVerifierKey(witnessSigner.key);
const LOG = formatVerifierKey(logSigner.key);
const URL_TEXT = "https://w1.example";
const parse = (more: string) => parseConfiguration(MINIMAL + more, "gatebook.yml");
const listed = (...entries: { url?: string; key?: string }[]) =>
  `evidence:\n  witnesses:\n${entries.map(({ url = URL_TEXT, key = WITNESS }) => `    - url: "${url}"\n      key: "${key}"\n`).join("")}`;

test("nobody is asked by default, and there is no witness", () => {
  expect([parse("").evidence.witnesses, parse("").witness]).toEqual([[], undefined]);
});

test.each([URL_TEXT, "https://w1.example:8443/below/", "http://127.0.0.1:4780"])("a witness may be at %s", (url) => {
  const { witnesses } = parse(listed({ url })).evidence;
  expect(witnesses).toEqual([{ url, key: WITNESS }]);
  expect(readWitnesses(JSON.parse(JSON.stringify(witnesses)))).toEqual([{ url, key: witnessSigner.key }]);
});

test("the logs of a witness of our own are read with their keys, two of one log included", () => {
  const next = testSigner(LOG_NAME, Buffer.alloc(32, 9)).key;
  const logs = [logSigner.key, next].map((key) => `{ origin: ${LOG_NAME}, key: "${formatVerifierKey(key)}" }`);
  const { witness } = parse(`witness:\n  logs: [${logs.join(", ")}]\n`);
  expect(readWitnessedLogs(JSON.parse(JSON.stringify(witness?.logs)))).toEqual([
    { origin: LOG_NAME, key: logSigner.key },
    { origin: LOG_NAME, key: next },
  ]);
});

describe("refused with its line is", () => {
  test.each([
    "http://w1.example",
    "http://localhost:4780",
    "http://127.0.0.1.example",
    "ftp://w1.example",
    "w1.example",
    "https://",
    "https://user:password@w1.example",
    "https://w1.example?x=1",
    "https://w1.example#x",
    "https://w1.example/a b",
  ])("the address %s", (url) => {
    expect(() => parse(listed({ url }))).toThrow(
      /^gatebook\.yml:5: evidence\.witnesses\[0\]\.url: must be a URL that begins https/,
    );
  });

  test("an address that is too long", () => {
    expect(() => parse(listed({ url: `${URL_TEXT}/${"a".repeat(200)}` }))).toThrow(
      /^gatebook\.yml:5: .*200 characters/,
    );
  });

  test.each([
    ["a log's key", LOG, /must be a witness's \(cosignature\/v1, type 4\) verifier key, and is a log's/],
    ["a key with another id", WITNESS.replace(/\+[0-9a-f]{8}\+/, "+00000000+"), /does not have the id it says/],
    ["what is no key", "abc", /must be a verifier key, name\+id\+key in one line/],
  ])("%s", (_, key, reason) => {
    expect(() => parse(listed({ key }))).toThrow(reason);
    expect(() => parse(listed({ key }))).toThrow(/^gatebook\.yml:6: evidence\.witnesses\[0\]\.key: /);
  });

  test("a witness named twice, and nine of them", () => {
    expect(() => parse(listed({}, { url: "https://w2.example" }))).toThrow(
      /^gatebook\.yml:8: .*\[1\]\.key: is there already/,
    );
    expect(() => parse(listed(...Array.from({ length: 9 }, () => ({}))))).toThrow(
      /evidence\.witnesses: must be at most 8/,
    );
  });

  test("a witness of no logs, and one of a witness's key", () => {
    expect(() => parse("witness: { logs: [] }\n")).toThrow(
      /^gatebook\.yml:3: witness\.logs: must name at least one log/,
    );
    expect(() => parse(`witness:\n  logs:\n    - { origin: x, key: "${WITNESS}" }\n`)).toThrow(
      /^gatebook\.yml:5: witness\.logs\[0\]\.key: must be a log's \(Ed25519, type 1\) verifier key/,
    );
  });
});
