/** What detections remember, in a DynamoDB table as the stack makes it. */
import { randomUUID } from "node:crypto";
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { dynamoDbDetectionMemory } from "../../lib/adapters/dynamodb-detection-memory.ts";
import { dynamoDbOpenBuckets } from "../../lib/adapters/dynamodb-open-buckets.ts";
import type { DetectionMemory } from "../../lib/core/detections/memory/detection-memory.ts";
import type { OpenBuckets } from "../../lib/core/detections/memory/open-buckets.ts";

/** In a table of its own. */
export async function memoryOnDynamoDb(
  client: DynamoDBClient,
  now: () => number,
): Promise<DetectionMemory & OpenBuckets & { readonly tableName: string }> {
  const tableName = await createTable(client);
  const table = { client, tableName, now };
  return { ...dynamoDbDetectionMemory(table), ...dynamoDbOpenBuckets(table), tableName };
}

async function createTable(client: DynamoDBClient): Promise<string> {
  const TableName = `Memory${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        ...["key", "bucket", "waits"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
        { AttributeName: "due", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "key", KeyType: "HASH" },
        { AttributeName: "bucket", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byDue",
          KeySchema: [
            { AttributeName: "waits", KeyType: "HASH" },
            { AttributeName: "due", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
  return TableName;
}
