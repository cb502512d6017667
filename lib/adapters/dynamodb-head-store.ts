/** The head of a log as a DynamoDB item, moved by conditional writes. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";
import type { Head, HeadStore } from "../core/evidence/head.ts";
import { HASH_BYTES } from "../core/evidence/merkle.ts";

/** The table's partition key. */
const KEY = "log";

const count = z.object({ N: z.string().regex(/^\d+$/) }).transform(({ N }) => Number(N));
const text = z.object({ S: z.string() }).transform(({ S }) => S);

const HeadAttributes = z.object({
  [KEY]: text,
  version: count,
  size: count,
  root: text,
  edge: z.object({ B: z.instanceof(Uint8Array) }).transform(({ B }) => toHashes(B)),
  staged: text,
  commit: text,
  updated: count,
});

/** @param options.tableName a table whose partition key is `log`, a string */
export function dynamoDbHeadStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly origin: string;
}): HeadStore {
  const { client, tableName, origin } = options;
  return {
    async read() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { [KEY]: { S: origin } }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : toHead(Item);
    },
    async replace(expected, next) {
      try {
        await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(next), ...condition(expected) }));
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        throw new GatebookError("HEAD_MOVED", `${origin} has moved on`, { cause });
      }
    },
  };
}

function condition(expected: Head | undefined) {
  if (expected === undefined) {
    return { ConditionExpression: "attribute_not_exists(#log)", ExpressionAttributeNames: { "#log": KEY } };
  }
  return {
    ConditionExpression: "#version = :version AND #root = :root",
    ExpressionAttributeNames: { "#version": "version", "#root": "root" },
    ExpressionAttributeValues: { ":version": { N: String(expected.version) }, ":root": { S: expected.root } },
  };
}

function toItem(head: Head): Record<string, AttributeValue> {
  return {
    [KEY]: { S: head.origin },
    version: { N: String(head.version) },
    size: { N: String(head.size) },
    root: { S: head.root },
    edge: { B: Buffer.from(head.edge.join(""), "hex") },
    staged: { S: head.staged },
    commit: { S: head.commit },
    updated: { N: String(head.updated) },
  };
}

function toHead(attributes: Record<string, AttributeValue>): Head {
  const parsed = HeadAttributes.safeParse(attributes);
  if (!parsed.success) {
    throw new GatebookError("LOG_CORRUPT", `the head's item is not a head: ${z.prettifyError(parsed.error)}`);
  }
  const { [KEY]: origin, ...head } = parsed.data;
  return { origin, ...head };
}

function toHashes(bytes: Uint8Array): string[] {
  const hex = Buffer.from(bytes).toString("hex");
  return Array.from({ length: bytes.byteLength / HASH_BYTES }, (_, i) =>
    hex.slice(2 * HASH_BYTES * i, 2 * HASH_BYTES * (i + 1)),
  );
}
