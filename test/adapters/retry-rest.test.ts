/** Repeating what a service left undone. */
import { expect, test } from "vitest";
import { retryRest } from "../../lib/adapters/retry-rest.ts";

test("repeats the call for what was left, until nothing is", async () => {
  const calls: number[][] = [];
  await retryRest("counting", [1, 2, 3], async (rest) => {
    calls.push([...rest]);
    return rest.slice(1);
  });
  expect(calls).toEqual([[1, 2, 3], [2, 3], [3]]);
});

test("calls nothing for nothing", async () => {
  await retryRest("counting", [], async () => {
    throw new Error("called");
  });
});

test("says so when something is left for good", async () => {
  await expect(retryRest("counting", [1, 2], async () => [2])).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
