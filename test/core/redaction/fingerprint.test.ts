/** Fingerprints: two uses of one secret can be told to be the same, and nobody without the key can tell more. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../../lib/core/record/redact.ts";
import { fingerprinter } from "../../../lib/core/redaction/fingerprint.ts";
import type { Fingerprint } from "../../../lib/core/redaction/secret-range.ts";
import { mixed, privateKey, TOKENS } from "../record/redact-planted.ts";
import { NAMED_PLACES } from "./named-places.ts";
import { BARE_PLACES, LINES_PLACES } from "./nameless-places.ts";
import { indented } from "./place.ts";
import { PLANTED_SECRETS } from "./planted-secrets.ts";
import { base64 } from "./seeded.ts";

/** Of all secrets in all places, how many have the fingerprint of the secret alone: 0.994 when this was written. */
const RECOGNISED_MIN = 0.99;

const PLACES = { look: [...BARE_PLACES, ...NAMED_PLACES], name: NAMED_PLACES, lines: LINES_PLACES };
const key = (fill: string): Uint8Array => Buffer.alloc(32, fill);
const fingerprint = fingerprinter(key("a"));

async function fingerprintsIn(value: unknown, by: Fingerprint = fingerprint): Promise<(string | undefined)[]> {
  return (await redact(value, by)).redactions.map((redaction) => redaction.fingerprint);
}

describe("one secret has one fingerprint", () => {
  test("in an environment variable, a URL, a command line, JSON in a string and base64", async () => {
    const secret = "tricorn~Lantern!77";
    const event = {
      environment: [{ name: "DB_PASSWORD", value: secret }],
      url: `postgresql://shop:${encodeURIComponent(secret)}@db/shop`,
      command: `login --user ana --password '${secret}' --verbose`,
      body: JSON.stringify({ inner: JSON.stringify({ password: secret }) }),
      userData: base64(`#!/bin/sh\nexport DB_PASSWORD=${secret}\nnpm start\n`),
      kind: "Secret",
      data: { conf: base64(secret) },
      header: `Authorization: Basic ${base64(`shop:${secret}`)}`,
    };
    const found = await fingerprintsIn(event);
    expect(found).toHaveLength(7);
    expect(new Set(found)).toEqual(new Set([fingerprint(secret)]));
  });

  test("in nearly every place that a secret of any of 25 kinds may stand in", async () => {
    const missed = new Map<string, number>();
    let count = 0;
    for (const { secret, kind } of PLANTED_SECRETS) {
      for (const place of PLACES[kind.foundBy]) {
        count += 1;
        const found = await fingerprintsIn(place.plant(secret, kind.name));
        const what = `${kind.title} in: ${place.title}`;
        if (!found.includes(fingerprint(secret))) missed.set(what, (missed.get(what) ?? 0) + 1);
      }
    }
    const misses = [...missed.values()].reduce((sum, each) => sum + each, 0);
    console.log(
      `fingerprints of the secret alone: ${count - misses} of ${count}; not: ${[...missed.keys()].join(", ")}`,
    );
    expect(1 - misses / count).toBeGreaterThanOrEqual(RECOGNISED_MIN);
  });

  test("for a private key, however its lines are wrapped, escaped or indented", () => {
    const lines = privateKey("RSA PRIVATE KEY");
    const written = [
      lines.replaceAll("\n", "\r\n"),
      privateKey("RSA PRIVATE KEY", "\\n"),
      privateKey("RSA PRIVATE KEY", "\\\\n"),
      lines.replaceAll("\n", " "),
      `${indented(lines, "+    ")}\n`,
      base64(lines),
      `"${lines}\n"`,
    ];
    expect(written.map(fingerprint)).toEqual(written.map(() => fingerprint(lines)));
  });

  test("whatever people make up for a password, in JSON, percent-encoded, quoted or in base64", () => {
    // No colon: base64 of a name, a colon and a password is what Basic authorization sends, and the password is the secret.
    const sign = fc.constantFrom(..."abcdefgXYZ0123456789!$%&/()=?*+~#-_.,;<>|{}[]^°äß€");
    fc.assert(
      fc.property(fc.string({ unit: sign, minLength: 8, maxLength: 40 }), (secret) => {
        const forms = [
          JSON.stringify(secret),
          JSON.stringify(JSON.stringify(secret)),
          encodeURIComponent(secret),
          `'${secret}'`,
          base64(secret),
          base64(base64(secret)),
          Buffer.from(secret).toString("base64url"),
          `Bearer ${secret}`,
        ];
        expect(forms.map(fingerprint)).toEqual(forms.map(() => fingerprint(secret)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a fingerprint tells apart", () => {
  test("all 200 secrets of the corpus, and each from itself with one sign changed", () => {
    const changed = ({ secret }: { readonly secret: string }): string => {
      const at = Math.floor(secret.length / 2);
      return `${secret.slice(0, at)}${secret[at] === "7" ? "8" : "7"}${secret.slice(at + 1)}`;
    };
    const secrets = PLANTED_SECRETS.flatMap((planted) => [planted.secret, changed(planted)]);
    expect(new Set(secrets.map(fingerprint)).size).toBe(400);
  });

  test("any two secrets that differ by more than how they are written", () => {
    const secret = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.!"), minLength: 8, maxLength: 24 });
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        fc.pre(one !== other);
        expect(fingerprint(one)).not.toBe(fingerprint(other));
      }),
      { numRuns: 2_000 },
    );
  });

  test("runs of base64 that decoding would make the same", () => {
    expect(fingerprint("c2VjcmV0cw==")).toBe(fingerprint("secrets"));
    expect(fingerprint("c2VjcmV0cx==")).not.toBe(fingerprint("secrets"));
  });

  test("the same secrets under another key", () => {
    const other = fingerprinter(key("b"));
    for (const [, , secret] of TOKENS) expect(other(secret)).not.toBe(fingerprint(secret));
  });
});

describe("a marker with a fingerprint", () => {
  test("has 12 hexadecimal digits behind its kind, in text and in the list of redactions", async () => {
    const { value, redactions } = await redact({ password: mixed(20), pin: { password: 123_456 } }, fingerprint);
    expect(value).toEqual({
      password: expect.stringMatching(/^\[redacted:password:[0-9a-f]{12}\]$/),
      pin: { password: `[redacted:password:${fingerprint("123456")}]` },
    });
    expect(redactions[0]).toEqual({ path: "/password", kind: "password", fingerprint: fingerprint(mixed(20)) });
  });

  test("is written for each of two secrets of one kind in one text, and once for one that stands there twice", async () => {
    const [first, second] = [`ghp_${mixed(36)}`, `ghp_${mixed(35)}7`];
    const { value, redactions } = await redact(`${first} ${second} ${first}`, fingerprint);
    const [a, b] = [first, second].map((token) => `[redacted:github-token:${fingerprint(token)}]`);
    expect(value).toBe(`${a} ${b} ${a}`);
    expect(redactions).toHaveLength(2);
  });

  test.each(["@git.example.com/shop.git", ":x-oauth-basic@git.example.com"])(
    "stays whole as the user of a URL, before %s",
    async (rest) => {
      const token = `ghp_${mixed(36)}`;
      const { value } = await redact({ url: `https://${token}${rest}` }, fingerprint);
      expect((value as { url: string }).url).toContain(`https://[redacted:github-token:${fingerprint(token)}]`);
      expect((await redact(value, fingerprint)).redactions).toEqual([]);
    },
  );

  test("is what stands where one of the preset's rules found the secret", async () => {
    const token = `dapi${"0123456789abcdef".repeat(2)}`;
    const { value } = await redact({ log: `x ${token} y` }, fingerprint);
    expect(value).toEqual({ log: `x [redacted:databricks:${fingerprint(token)}] y` });
  });
});

describe("what is redacted again stays as it is", () => {
  const secret = `x${mixed(20)}`;
  const mark = `[redacted:password:${fingerprint(secret)}]`;

  test.each([
    ["in a longer string", `login --password ${secret} -v`, `login --password ${mark} -v`],
    ["in escaped text", `{"run":"db --password\\u003d${secret} -v"}`, `{"run":"db --password\\u003d${mark} -v"}`],
    ["in percent-encoded text", `%7B%22password%22%3A%22${secret}%22%7D`, `%7B%22password%22%3A%22${mark}%22%7D`],
    ["in base64", base64(`export DB_PASSWORD=${secret}\n`), base64(`export DB_PASSWORD=${mark}\n`)],
    [
      "in JSON in JSON",
      JSON.stringify(JSON.stringify({ password: secret })),
      JSON.stringify(JSON.stringify({ password: mark })),
    ],
    ["in YAML", `db:\n  password: |\n    ${secret}\n  port: 1`, `db:\n  password: |\n    ${mark}\n  port: 1`],
    ["before another assignment", `PASSWORD=${secret}&page=2`, `PASSWORD=${mark}&page=2`],
  ])("%s", async (_, text, expected) => {
    const { value } = await redact({ text }, fingerprint);
    expect(value).toEqual({ text: expected });
    for (const by of [fingerprint, fingerprinter(key("b")), undefined]) {
      expect(await redact(value, by)).toEqual({ value, redactions: [] });
    }
  });
});

test("nothing is made of an event without a secret", async () => {
  const asked: string[] = [];
  const counting = (secret: string): string => {
    asked.push(secret);
    return fingerprint(secret);
  };
  const event = {
    note: "token: must not be empty",
    arn: "arn:aws:s3:::shop",
    list: ["--verbose", "x"],
    hash: "a".repeat(64),
  };
  expect((await redact(event, counting)).redactions).toEqual([]);
  expect(asked).toEqual([]);
  await redact({ ...event, password: "hunter2" }, counting);
  expect(asked).toEqual(["hunter2"]);
});

test.each([0, 1, 31])("a key of %d bytes is refused, with what to do", (length) => {
  expect(() => fingerprinter(new Uint8Array(length))).toThrow(/32 at least: put a new random one in its place$/);
});

test.each([
  "\\",
  '"',
  "%41",
  "\\u0041",
  " ",
  "YWJj",
  "-----BEGIN PRIVATE KEY-----",
  "eyJ",
  "://a:",
  "\\n",
  "[redacted:",
])("a megabyte of %j has a fingerprint in linear time", (fragment) => {
  expect(fingerprint(fragment.repeat((1024 * 1024) / fragment.length))).toMatch(/^[0-9a-f]{12}$/);
});
