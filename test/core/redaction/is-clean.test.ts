/** The cheap first look against the careful walk. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isClean } from "../../../lib/core/redaction/is-clean.ts";
import { recentSet } from "../../../lib/core/redaction/recent-set.ts";
import { redactTree } from "../../../lib/core/redaction/redact-tree.ts";
import { LOOK_ALIKES } from "./look-alikes.ts";

const word = fc.constantFrom(
  "shop",
  "-p",
  "--token",
  "mysql",
  "-px1y2z3",
  "hunter2!",
  "Secret",
  "SecureString",
  "hf_x",
  "a=b",
);
const name = fc.oneof(
  fc.constantFrom("name", "value", "type", "kind", "data", "token", "credentials", "clientToken", "jobId", "id"),
  fc.constantFrom("password", "__proto__", "DB_PASSWORD=hunter2hunter2"),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, word, name, fc.integer(), fc.constant(null), tie("list"), tie("record")),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  record: fc.array(fc.tuple(name, tie("tree")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));

describe("a value that is clean at first sight", () => {
  test("holds nothing that the careful walk would find", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const { root, redactions, unsure } = redactTree(value);
        if (!isClean(value)) return;
        expect({ redactions, unsure }).toEqual({ redactions: [], unsure: [] });
        expect(root.value).toEqual(value);
      }),
      { numRuns: 5_000 },
    );
  });

  test("is nearly each look-alike, which then needs no copy", () => {
    expect(LOOK_ALIKES.filter(({ event }) => isClean(event)).length).toBeGreaterThan(0.95 * LOOK_ALIKES.length);
  });

  test("stays unclean however often it was looked at", () => {
    const value = { note: "DB_PASSWORD=hunter2hunter2", list: ["--token", "hunter2hunter2"] };
    expect([isClean(value), isClean(value), isClean(value.note), isClean(value.list)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

test("a recent set keeps what is asked for, and forgets the rest", () => {
  const set = recentSet(2);
  for (const text of ["kept", "b", "c", "d"]) {
    set.add(text);
    expect(set.has("kept")).toBe(true);
  }
  expect(["b", "never"].map(set.has)).toEqual([false, false]);
});
