/** Whoever waits at the gate waits so long and no longer. */
import { expect, test } from "vitest";
import { within } from "../../lib/adapters/within.ts";

test("work that settles in time settles so", async () => {
  expect(await within(10_000)(Promise.resolve(7))).toBe(7);
  await expect(within(10_000)(Promise.reject(new Error("down")))).rejects.toThrow("down");
});

test("work that does not is given up, and its late failure harms nobody", async () => {
  const work = Promise.withResolvers<never>();
  await expect(within(5)(work.promise)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "there was no answer within 0.005 seconds",
  });
  work.reject(new Error("late"));
  await new Promise((resolve) => setImmediate(resolve));
});
