/** What `redact` promises of any value. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../../lib/core/record/redact.ts";
import { fingerprinter } from "../../../lib/core/redaction/fingerprint.ts";
import { base64, jsonWebToken, mixed, TOKENS } from "./redact-planted.ts";

const SECRET = `x${mixed(20)}`;
const fingerprint = fingerprinter(Buffer.alloc(32, "k"));

describe("whatever the value", () => {
  const fragment = fc.oneof(
    fc.constantFrom(...TOKENS.map(([, , secret]) => secret), jsonWebToken(), SECRET, base64(`token=${SECRET}`)),
    fc.constantFrom(
      "password=",
      '"token":"',
      "Authorization: Bearer ",
      "--secret ",
      "secret: |\n  ",
      "kind: Secret\ndata:\n  a: ",
      "ENV TOKEN ",
      "https://a:",
      "@host",
      "\\",
      "'",
      '"',
      ",",
      " ",
      "\n",
      "]",
      "[redacted:",
      "[redacted:token:",
      "[redacted:password:0123456789ab]",
      base64("token=[redacted:token:0123456789ab] "),
      ":",
      "=",
    ),
    fc.string({ maxLength: 6 }),
  );
  const text = fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join(""));
  const name = fc.constantFrom(
    "password",
    "token",
    "credentials",
    "name",
    "value",
    "note",
    "set-cookie",
    "__proto__",
    "clientToken",
    "jobId",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, text, fc.boolean(), fc.integer(), fc.constant(null), tie("list"), tie("record")),
    list: fc.array(tie("tree"), { maxLength: 4 }),
    record: fc.array(fc.tuple(name, tie("tree")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  }));

  test.each([
    ["", undefined, undefined],
    [" with fingerprints", fingerprint, fingerprint],
    [" when the key is at hand first only", fingerprint, undefined],
    [" when the key is at hand later only", undefined, fingerprint],
    [" when the key was changed between", fingerprint, fingerprinter(Buffer.alloc(32, "other"))],
  ])("redacting twice is redacting once%s", async (_, first, second) => {
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const once = await redact(value, first);
        const twice = await redact(once.value, second);
        expect(twice).toEqual({ value: once.value, redactions: [] });
      }),
      { numRuns: 1_000 },
    );
  });

  test("the value itself is left alone", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const before = structuredClone(value);
        const { value: rest, redactions } = await redact(value);
        expect(value).toEqual(before);
        if (redactions.length > 0 && typeof value === "object") expect(rest).not.toBe(value);
      }),
    );
  });

  test("no planted token is left", async () => {
    const token = fc.constantFrom(...TOKENS.map(([, , secret]) => secret));
    await fc.assert(
      fc.asyncProperty(
        token,
        fc.jsonValue(),
        fc.constantFrom(" ", "\n", '"', "(", ",", "=", "]"),
        async (secret, rest, edge) => {
          const { value } = await redact({ deep: [{ note: `see${edge}${secret}${edge}`, rest }] });
          expect(JSON.stringify(value)).not.toContain(JSON.stringify(secret).slice(1, -1));
        },
      ),
    );
  });

  test("values without secrets come out as they went in", async () => {
    const word = fc.string({ unit: fc.constantFrom(..."abcdefgh0123 /.-_:"), maxLength: 40 });
    const { safe } = fc.letrec((tie) => ({
      safe: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.boolean(),
        fc.double({ noNaN: true }),
        fc.constant(null),
        fc.array(tie("safe")),
        fc.dictionary(word, tie("safe")),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(safe, async (value) => {
        expect(await redact(value)).toEqual({ value, redactions: [] });
      }),
      { numRuns: 1_000 },
    );
  });
});
