/** Readings of the grants are kept for as long as nothing that was granted since can matter. */
import { expect, test } from "vitest";
import { memoryGrantStore } from "../../../lib/adapters/memory-grant-store.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { grantId, MAX_LIFE_MS } from "../../../lib/core/grants/grant.ts";
import type { GrantStore } from "../../../lib/core/grants/grant-store.ts";
import { REMEMBERED_MS, recentGrants } from "../../../lib/core/grants/recent-grants.ts";
import { exampleGrant } from "./example-grant.ts";

const NOON = Date.parse("2026-11-25T12:00:00Z");

function counted(store: GrantStore = memoryGrantStore()) {
  const clock = { now: NOON };
  const reads = { count: 0 };
  const around = recentGrants(
    {
      requestedBetween(from, to) {
        reads.count += 1;
        return store.requestedBetween(from, to);
      },
    },
    () => clock.now,
  );
  return { around, clock, reads };
}

test("accesses that are older than a reading are decided by it", async () => {
  const { around, clock, reads } = counted();
  await around(NOON - 60_000);
  clock.now += 3_600_000;
  await around(NOON - 60_000);
  await around(NOON - 10_000);
  expect(reads.count).toBe(1);
});

test("an access after the reading is decided by another", async () => {
  const { around, clock, reads } = counted();
  await around(NOON);
  clock.now += 2_000;
  await around(NOON + 1_000);
  expect(reads.count).toBe(2);
});

test("a flood of accesses of this moment costs a reading a second", async () => {
  const { around, clock, reads } = counted();
  for (let i = 0; i < 500; i += 1) {
    clock.now += 1;
    await around(clock.now);
  }
  expect(reads.count).toBe(1);
});

test("a grant that can still matter is found, whenever it was asked for", async () => {
  const store = memoryGrantStore();
  const oldest = exampleGrant({ id: grantId(NOON - MAX_LIFE_MS - REMEMBERED_MS, "00000001") });
  const newest = exampleGrant({ id: grantId(NOON, "00000002") });
  for (const grant of [oldest, newest]) await store.replace(grant);
  const { around } = counted(store);
  expect((await around(NOON)).map(({ id }) => id)).toEqual([oldest.id, newest.id]);
});

test("what cannot be read is said to be missing, and asked for again", async () => {
  const failing = { isDown: true };
  const store = memoryGrantStore();
  const around = recentGrants(
    {
      async requestedBetween(from, to) {
        if (failing.isDown) throw new Error("down");
        return store.requestedBetween(from, to);
      },
    },
    () => NOON,
  );
  const error: unknown = await around(NOON).catch((cause: unknown) => cause);
  expect(error instanceof GatebookError && error.code).toBe("UNAVAILABLE");
  failing.isDown = false;
  expect(await around(NOON)).toEqual([]);
});
