/** A batch is cut where a commit is full, whatever fills it, and nothing is left out or moved. */
import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import { MAX_COMMIT_BYTES, MAX_COMMIT_ENTRIES, splitCommits } from "../../../lib/core/evidence/split-commits.ts";
import { eventEntry } from "./log-world.ts";

/** One buffer for all entries that hold it: 60,000 bytes by the thousand would be gigabytes. */
const LARGE = Buffer.alloc(60_000);
const VAST = Buffer.alloc(MAX_COMMIT_BYTES + 1);

const small = (): AppendEntry => eventEntry(1);
const large = (): AppendEntry => ({ ...eventEntry(1), bytes: LARGE });

test("an empty batch is one empty commit", () => {
  expect(splitCommits([])).toEqual([[]]);
});

test("a commit ends at its most entries", () => {
  const sizes = (count: number) => splitCommits(Array.from({ length: count }, small)).map(({ length }) => length);
  expect(sizes(MAX_COMMIT_ENTRIES)).toEqual([MAX_COMMIT_ENTRIES]);
  expect(sizes(MAX_COMMIT_ENTRIES + 1)).toEqual([MAX_COMMIT_ENTRIES, 1]);
});

test("a commit ends before its bytes are too many", () => {
  const commits = splitCommits(Array.from({ length: 2_000 }, large));
  expect(commits.length).toBeGreaterThan(1);
  for (const commit of commits) expect(commit.length * LARGE.byteLength).toBeLessThanOrEqual(MAX_COMMIT_BYTES);
});

test("what is larger than a commit by itself is one, and so are its neighbours", () => {
  const payload = { sha256: hash("sha256", VAST, "hex"), bytes: VAST };
  const vast = { ...small(), payload };
  expect(splitCommits([vast, vast, small(), vast]).map(({ length }) => length)).toEqual([1, 1, 1, 1]);
});

test("any batch comes out whole and in its order", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 3_000 }), (kinds) => {
      const entries = kinds.map((isLarge) => (isLarge ? large() : small()));
      expect(splitCommits(entries).flat()).toEqual(entries);
    }),
    { numRuns: 10 },
  );
});
