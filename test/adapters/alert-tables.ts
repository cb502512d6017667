/** The tables of alerting, as the stack makes them. */
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";

export async function createNoticeTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await createTable(client, tableName, ["finding"]);
}

export async function createOutboxTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await createTable(client, tableName, ["queue", "due"]);
}

/** @param keys the partition key, and the sort key where there is one */
async function createTable(client: DynamoDBClient, TableName: string, keys: readonly string[]): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
}
