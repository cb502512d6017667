/** The head of a log as a DynamoDB item, moved by conditional writes. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";
import type { Head, HeadStore } from "../core/evidence/head.ts";
import { HASH_BYTES } from "../core/evidence/merkle.ts";
import { type Attributes, dynamoDbRegister } from "./dynamodb-register.ts";

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
  const { origin } = options;
  const register = dynamoDbRegister(options);
  const key = { [KEY]: { S: origin } };
  return {
    async read() {
      const item = await register.read(key);
      return item && toHead(item);
    },
    async replace(expected, next) {
      const before = expected && toItem(expected);
      const stood = before && { version: before.version, root: before.root };
      if ((await register.replace(key, stood, toItem(next))) === "stored") return;
      throw new GatebookError("HEAD_MOVED", `${origin} has moved on`);
    },
  };
}

function toItem(head: Head) {
  return {
    version: { N: String(head.version) },
    size: { N: String(head.size) },
    root: { S: head.root },
    edge: { B: Buffer.from(head.edge.join(""), "hex") },
    staged: { S: head.staged },
    commit: { S: head.commit },
    updated: { N: String(head.updated) },
  };
}

function toHead(attributes: Attributes): Head {
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
