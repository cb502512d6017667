/** The items of the index in DynamoDB: what they say, and how small they are. */
import { randomUUID } from "node:crypto";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoDbDeliveryIndex } from "../../lib/adapters/dynamodb-delivery-index.ts";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import type { EventIndex } from "../../lib/core/evidence/event-index.ts";
import type { DeliveryIndex } from "../../lib/core/record/delivery-index.ts";
import { createIndexTable, startDynamoDb } from "./dynalite.ts";
import { COMMIT_TIME, commit, entry } from "./index-entries.ts";

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let tableName: string;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.close());

async function createDynamoDbIndex(): Promise<EventIndex & DeliveryIndex> {
  tableName = `index-${randomUUID()}`;
  await createIndexTable(dynamoDb.client, tableName);
  const options = { client: dynamoDb.client, tableName };
  return { ...dynamoDbEventIndex(options), ...dynamoDbDeliveryIndex(options) };
}

async function items() {
  const { Items = [] } = await dynamoDb.client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  return Items;
}

const sizeOf = (item: Record<string, unknown>) =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + Object.values(value as Record<string, string>).join("").length,
    0,
  );

test("keeps the entry's place in the log, and each commit's time and size, for 400 days", async () => {
  const index = await createDynamoDbIndex();
  await index.write(commit([entry(0), entry(1)], 70));
  const expires = { N: String(COMMIT_TIME / 1000 + 400 * 86_400) };
  const stored = await items();
  expect(
    stored
      .filter((item) => item["i"])
      .map((item) => item["i"]?.N)
      .sort(),
  ).toEqual(["70", "71"]);
  expect(stored.find((item) => item["n"])).toEqual({
    principal: { S: "#commit/log.example/acme" },
    eventKey: { S: "2026-11-22T09:00:00.000Z#0000000000000072" },
    n: { N: "72" },
    expires,
  });
  expect(stored.map((item) => item["expires"])).toEqual([expires, expires, expires]);
});

test("an entry says its shard where that is not the first, in a few bytes, and is read back with it", async () => {
  const index = await createDynamoDbIndex();
  const origin = (shard: number): string => `gatebook.acme/111122223333/eu-west-1/${shard}`;
  const sharded = entry(1, { resource: "arn:aws:s3:::sharded" });
  const first = entry(2, { resource: "arn:aws:s3:::first" });
  await index.write({ ...commit([sharded]), origin: origin(12) });
  await index.write({ ...commit([first]), origin: origin(0) });
  const stored = (await items()).filter(({ resource }) => resource !== undefined);
  const shardOf = new Map(stored.map((item) => [item["resource"]?.S, item["h"]?.N]));
  expect(shardOf).toEqual(
    new Map([
      ["arn:aws:s3:::sharded", "12"],
      ["arn:aws:s3:::first", undefined],
    ]),
  );
  const read = (resource: string) => index.byResource(resource, { before: COMMIT_TIME, limit: 9 });
  expect(await read("arn:aws:s3:::sharded")).toEqual([{ ...sharded, logIndex: 0, shard: 12 }]);
  expect(await read("arn:aws:s3:::first")).toEqual([{ ...first, logIndex: 0 }]);
});

test("an entry with long names stays under the 1,024 bytes of a write unit", async () => {
  const index = await createDynamoDbIndex();
  const session = `arn:aws:sts::111122223333:assumed-role/${"r".repeat(64)}/${"s".repeat(64)}`;
  await index.write({
    ...commit([
      entry(0, {
        principal: session,
        resource: `arn:aws:codepipeline:eu-west-1:111122223333:${"p".repeat(100)}/${"s".repeat(100)}/${"a".repeat(100)}`,
        trace: randomUUID(),
        operation: "OverrideStageCondition",
        person: `${"n".repeat(64)}@acme.example`,
        finding: "informational",
        status: 99,
        action: "pipeline.approve",
      }),
    ]),
    origin: "gatebook.acme/111122223333/eu-west-1/15",
  });
  const stored = (await items()).find((item) => item["i"]);
  expect(sizeOf(stored ?? {})).toBeLessThan(1024);
  expect(sizeOf(stored ?? {})).toBeGreaterThan(500);
});
