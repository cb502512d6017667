/** Work within a bound. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { concurrently } from "../../../lib/core/evidence/concurrently.ts";

test("does everything, never more than the limit at once", async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await concurrently(3, Array(20).keys(), async (subject) => {
    running += 1;
    most = Math.max(most, running);
    await nextTurn();
    running -= 1;
    done.push(subject);
  });
  expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  expect(most).toBe(3);
});

test("after a failure starts nothing new, and waits for what it started", async () => {
  const started: number[] = [];
  const finished: number[] = [];
  const work = concurrently(2, Array(10).keys(), async (subject) => {
    started.push(subject);
    if (subject === 0) throw new Error("the first failed");
    await nextTurn();
    await nextTurn();
    finished.push(subject);
  });
  await expect(work).rejects.toThrow("the first failed");
  expect(started).toEqual([0, 1]);
  expect(finished).toEqual([1]);
});
