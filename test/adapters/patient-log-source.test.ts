/** Reading a log up to a head whose objects are still being stored. */
import { expect, test } from "vitest";
import { patientLogSource } from "../../lib/adapters/patient-log-source.ts";

/** @param after how many reads the object is there */
function arriving(after: number) {
  const reads: string[] = [];
  const waits: number[] = [];
  const log = patientLogSource(
    { read: async (path) => (reads.push(path) > after ? Buffer.from("stored") : undefined) },
    async (milliseconds) => waits.push(milliseconds),
  );
  return { log, reads, waits };
}

test.each(["tile/entries/000.p/36", "shard/3/tile/0/000"])(
  "%s is waited for, where the head was moved for it just now",
  async (path) => {
    const { log, reads, waits } = arriving(3);
    expect(await log.read(path)).toEqual(Buffer.from("stored"));
    expect([reads.length, waits.length]).toEqual([4, 3]);
  },
);

test("one that is there is read at once", async () => {
  const { log, waits } = arriving(0);
  expect(await log.read("tile/entries/000")).toEqual(Buffer.from("stored"));
  expect(waits).toEqual([]);
});

test("one that is really missing is missing, two seconds later", async () => {
  const { log, waits } = arriving(Number.POSITIVE_INFINITY);
  expect(await log.read("tile/entries/000")).toBeUndefined();
  expect(waits.reduce((sum, each) => sum + each)).toBe(2_000);
});

test("a checkpoint or a payload that is not there is not waited for", async () => {
  const { log, waits } = arriving(Number.POSITIVE_INFINITY);
  expect(await log.read("checkpoint")).toBeUndefined();
  expect(await log.read("payload/00ff")).toBeUndefined();
  expect(waits).toEqual([]);
});
