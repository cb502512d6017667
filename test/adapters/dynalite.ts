/** DynamoDB in process, with the tables of the log as the stack makes them. */
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

// The package has no types.
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)("dynalite");

export async function startDynamoDb(): Promise<{ client: DynamoDBClient; close: () => Promise<void> }> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const close = async (): Promise<void> => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, close };
}

export async function createHeadTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "log", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "log", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: tableName });
}

export async function createIndexTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const secondary = (IndexName: string, partition: string): GlobalSecondaryIndex => ({
    IndexName,
    KeySchema: [
      { AttributeName: partition, KeyType: "HASH" },
      { AttributeName: "eventKey", KeyType: "RANGE" },
    ],
    Projection: { ProjectionType: "ALL" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["principal", "eventKey", "resource", "trace"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "principal", KeyType: "HASH" },
        { AttributeName: "eventKey", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [secondary("byResource", "resource"), secondary("byTrace", "trace")],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: tableName });
}
