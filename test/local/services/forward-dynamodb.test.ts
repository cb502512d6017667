/** DynamoDB behind the gateway, through AWS's own SDK, on dynalite. */
import type { AddressInfo } from "node:net";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { LOCAL_REGION } from "../../../lib/local/aws-service.ts";
import { forwardTo } from "../../../lib/local/services/forward/forward-to.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

async function startTables(): Promise<World & { readonly dynamodb: DynamoDBClient }> {
  const server = dynalite({ path: await temporaryDirectory(), createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const service = forwardTo("dynamodb", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const world = await startWorld({ dynamodb: service });
  onTestFinished(async () => {
    await service.close?.();
    await new Promise((resolve) => server.close(resolve));
  });
  const dynamodb = new DynamoDBClient(world.client());
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "index",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "principal", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "principal", AttributeType: "S" },
        { AttributeName: "resource", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-resource",
          KeySchema: [{ AttributeName: "resource", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  const isActive = async (): Promise<boolean> =>
    (await dynamodb.send(new DescribeTableCommand({ TableName: "index" }))).Table?.TableStatus === "ACTIVE";
  await vi.waitUntil(isActive, { timeout: 10_000 });
  return { ...world, dynamodb };
}

describe("DynamoDB", () => {
  const Item = { principal: { S: "ana" }, resource: { S: "repo" } };
  const byResource = {
    TableName: "index",
    IndexName: "by-resource",
    KeyConditionExpression: "#r = :r",
    ExpressionAttributeNames: { "#r": "resource" },
    ExpressionAttributeValues: { ":r": { S: "repo" } },
  };

  test("stores and finds, errors of its own included", async () => {
    const { dynamodb, calls } = await startTables();
    await dynamodb.send(new PutItemCommand({ TableName: "index", Item }));
    expect((await dynamodb.send(new QueryCommand(byResource))).Items).toEqual([Item]);
    const again = new PutItemCommand({
      TableName: "index",
      Item,
      ConditionExpression: "attribute_not_exists(principal)",
    });
    await expect(dynamodb.send(again)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    expect(calls.slice(-2)).toMatchObject([
      { operation: "Query", status: 200 },
      { operation: "PutItem", status: 400 },
    ]);
  });

  test("takes a table for one resource and its index for another", async () => {
    const { policies, client } = await startTables();
    const table = `arn:aws:dynamodb:${LOCAL_REGION}:000000000000:table/index`;
    grant(policies, { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:Query"], Resource: table });
    const role = new DynamoDBClient(client(ROLE_KEY));
    await role.send(new PutItemCommand({ TableName: "index", Item }));
    await expect(role.send(new QueryCommand(byResource))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`${table}/index/by-resource`),
    });
    const read = role.send(new GetItemCommand({ TableName: "index", Key: { principal: { S: "ana" } } }));
    await expect(read).rejects.toMatchObject({ name: "AccessDeniedException" });
    grant(policies, { Effect: "Allow", Action: "dynamodb:*", Resource: `${table}/index/*` });
    expect((await role.send(new QueryCommand(byResource))).Items).toEqual([Item]);
  });

  test("needs permission for each table of a batch", async () => {
    const { policies, client } = await startTables();
    grant(policies, {
      Effect: "Allow",
      Action: "dynamodb:BatchWriteItem",
      Resource: "arn:aws:dynamodb:*:*:table/index",
    });
    const role = new DynamoDBClient(client(ROLE_KEY));
    const index = [{ PutRequest: { Item } }];
    await role.send(new BatchWriteItemCommand({ RequestItems: { index } }));
    const both = role.send(new BatchWriteItemCommand({ RequestItems: { index, other: index } }));
    await expect(both).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  test("does not pass on what dynalite cannot do", async () => {
    const { dynamodb } = await startTables();
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: "index", Item } }] });
    await expect(dynamodb.send(transaction)).rejects.toMatchObject({ name: "NotImplemented" });
  });
});
