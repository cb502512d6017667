/** `gatebook index rebuild` on the running stack: a table that lost its items has them again. */
import { join } from "node:path";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, onTestFinished, test, vi } from "vitest";
import { gatebook, linesOf, temporaryFolder } from "../commands/gatebook.ts";
import { readIndex, readRecords, waitUntilIdle } from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

type Item = Record<string, AttributeValue>;

async function itemsOf(running: RunningCloud): Promise<Item[]> {
  const TableName = outputOf(running, "IndexTable");
  const { Items = [] } = await running.clients.dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items;
}

/** Items of commits aside, whose times no record tells; and when the others expire, which follows from those. */
async function describedBy(running: RunningCloud): Promise<Item[]> {
  return (await itemsOf(running))
    .filter(({ principal }) => principal?.S?.startsWith("#commit/") === false)
    .map(({ expires: _, ...item }) => item)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function empty(running: RunningCloud): Promise<void> {
  const table = outputOf(running, "IndexTable");
  const items = await itemsOf(running);
  for (let from = 0; from < items.length; from += 25) {
    const requests = items.slice(from, from + 25).map(({ principal, eventKey }) => ({
      DeleteRequest: { Key: { principal, eventKey } },
    }));
    const RequestItems = { [table]: requests } as BatchWriteItemCommandInput["RequestItems"];
    await running.clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
  }
  expect(await itemsOf(running)).toEqual([]);
}

test("the index is made anew from the log, and who did it is recorded", async () => {
  const folder = await temporaryFolder();
  const running = await run(join(folder, ".gatebook"));
  onTestFinished(() => running.close());
  await tellStory(running);
  const stored = readStory().length;
  await waitUntilIdle(running);
  const before = await describedBy(running);

  await empty(running);
  const { code, stdout, stderr } = await gatebook(["index", "rebuild", "--as", "github:analima", "--json"], folder);
  expect([code, stderr]).toEqual([0, ""]);
  const [rebuilt] = linesOf(stdout);
  expect(rebuilt).toMatchObject({ from: 0 });
  await vi.waitFor(async () => expect((await readIndex(running)).length).toBe(stored + 1), PATIENCE);
  const after = await describedBy(running);
  expect(after).toEqual(expect.arrayContaining(before));
  const records = await readRecords(running);
  expect(records.at(-1)).toMatchObject({ event: { api: { operation: "index.rebuilt" } } });
  expect(records.at(-1)?.event.actor?.user?.uid).toBe("github:analima");

  const again = await gatebook(["index", "rebuild", "--from", String(stored - 1)], folder);
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringMatching(/^the index has [1-9]\d* entries of gatebook\./),
  ]);
  const known = await gatebook(["search", "--principal", "arn:aws:iam::111122223333:user/ana", "--json"], folder);
  expect([known.code, known.stderr]).toEqual([0, expect.stringContaining("found in")]);
  expect(linesOf(known.stdout).length).toBeGreaterThan(0);
  const wrong = await gatebook(["index", "rebuild", "--from", "-1"], folder);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Give a place in the log")]);
});
