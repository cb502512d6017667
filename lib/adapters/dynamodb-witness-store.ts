/** What a witness cosigned last, an item a log in DynamoDB, moved by conditional writes. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";
import type { TreeHead } from "../core/evidence/checkpoint.ts";
import type { WitnessedTree, WitnessStore } from "../core/witness/witness-store.ts";

/** The table's partition key. */
const KEY = "origin";

const Attributes = z.object({
  size: z.object({ N: z.string().regex(/^\d+$/) }).transform(({ N }) => Number(N)),
  root: z.object({ S: z.string() }).transform(({ S }) => S),
  note: z.object({ B: z.instanceof(Uint8Array) }).transform(({ B }) => B),
});

/** @param options.tableName a table whose partition key is `origin`, a string */
export function dynamoDbWitnessStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): WitnessStore {
  const { client, tableName } = options;
  return {
    async read(origin) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { [KEY]: { S: origin } }, ConsistentRead: true }),
      );
      return Item && toTree(origin, Item);
    },
    async replace(origin, expected, { size, root, note }) {
      const Item = { [KEY]: { S: origin }, size: { N: String(size) }, root: { S: root }, note: { B: note } };
      try {
        await client.send(new PutItemCommand({ TableName: tableName, Item, ...condition(expected) }));
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        throw new GatebookError("HEAD_MOVED", `what was cosigned of ${origin} has moved on`, { cause });
      }
    },
  };
}

function condition(expected: TreeHead | undefined) {
  if (expected === undefined) {
    return { ConditionExpression: "attribute_not_exists(#origin)", ExpressionAttributeNames: { "#origin": KEY } };
  }
  return {
    ConditionExpression: "#size = :size AND #root = :root",
    ExpressionAttributeNames: { "#size": "size", "#root": "root" },
    ExpressionAttributeValues: { ":size": { N: String(expected.size) }, ":root": { S: expected.root } },
  };
}

function toTree(origin: string, attributes: Record<string, AttributeValue>): WitnessedTree {
  const parsed = Attributes.safeParse(attributes);
  if (!parsed.success) {
    throw new GatebookError(
      "LOG_CORRUPT",
      `what was cosigned of ${origin} cannot be read, so nothing more is: restore the table: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
