/** Which entries are looked at again, and when. */
import { expect, test } from "vitest";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { FIRST_LOOK_MS, hangsOnItsDelivery, looksOf, nextLook } from "../../../lib/core/second-look/looks-of.ts";
import { COMMIT_TIME, entry } from "../../adapters/index-entries.ts";

const approval: Partial<IndexEntry> = { action: "pipeline.approve" };
const MINUTE_MS = 60_000;

test.each<[string, Partial<IndexEntry>]>([
  ["an approval", approval],
  ["an approval that nothing is linked with yet", { ...approval, status: 1 }],
  ["a merge", { action: "source.merge", trace: "github:acme/shop/pull/7" }],
])("%s is", (_, more) => expect(hangsOnItsDelivery(entry(1, more))).toBe(true));

test.each<[string, Partial<IndexEntry>]>([
  ["an approval that was refused", { ...approval, status: 2 }],
  ["the pipeline's own word of an approval", { ...approval, principal: "service:codepipeline.amazonaws.com" }],
  ["a merge of nothing that is known", { action: "source.merge" }],
  ["a start, which finds what the approval finds", { action: "pipeline.start", trace: "E1" }],
  ["a push, which is looked at with the approval", { action: "source.push", trace: "commit:5f1c" }],
  ["what Gatebook tells itself", { principal: "gatebook:second-look" }],
])("%s is not", (_, more) => expect(hangsOnItsDelivery(entry(1, more))).toBe(false));

test("each is due half a minute after its commit, at its place in its shard", () => {
  const entries = [entry(1), entry(2, approval), entry(3), entry(4, approval)];
  const look = { committed: COMMIT_TIME, due: COMMIT_TIME + FIRST_LOOK_MS };
  expect(looksOf({ origin: "gatebook.acme/1/eu-west-1/3", time: COMMIT_TIME, from: 70, entries })).toEqual([
    { place: { shard: 3, index: 71 }, ...look },
    { place: { shard: 3, index: 73 }, ...look },
  ]);
});

test("there is one more when late events have come, and none after that, nor where none are waited for", () => {
  const first = { place: { shard: 0, index: 1 }, committed: COMMIT_TIME, due: COMMIT_TIME + FIRST_LOOK_MS };
  const last = nextLook(first, 15 * MINUTE_MS);
  expect(last).toEqual({ ...first, due: COMMIT_TIME + 15 * MINUTE_MS });
  expect(last && nextLook(last, 15 * MINUTE_MS)).toBeUndefined();
  expect(nextLook(first, 0)).toBeUndefined();
});
