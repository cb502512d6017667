/** A function that keeps what it was told, and nothing of a failure. */
import { expect, test } from "vitest";
import { onceKnown } from "../../lib/adapters/once-known.ts";

function asked(...answers: (string | Error)[]) {
  let calls = 0;
  const ask = onceKnown(async () => {
    const answer = answers[calls];
    calls += 1;
    if (typeof answer === "string") return answer;
    throw answer;
  });
  return { ask, calls: () => calls };
}

test("what is known is not asked for again, and not twice at once", async () => {
  const { ask, calls } = asked("key", "another");
  expect(await Promise.all([ask(), ask()])).toEqual(["key", "key"]);
  expect([await ask(), calls()]).toEqual(["key", 1]);
});

test("what could not be had is asked for again", async () => {
  const { ask, calls } = asked(new Error("KMS is down"), "key");
  await expect(ask()).rejects.toThrow("KMS is down");
  expect([await ask(), await ask(), calls()]).toEqual(["key", "key", 2]);
});
