/** What a witness cosigned last, an item a log in DynamoDB, moved by conditional writes. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";
import type { TreeHead } from "../core/evidence/checkpoint.ts";
import type { WitnessedTree, WitnessStore } from "../core/witness/witness-store.ts";
import { type Attributes, dynamoDbRegister } from "./dynamodb-register.ts";

/** The table's partition key. */
const KEY = "origin";

const Item = z.object({
  size: z.object({ N: z.string().regex(/^\d+$/) }).transform(({ N }) => Number(N)),
  root: z.object({ S: z.string() }).transform(({ S }) => S),
  note: z.object({ B: z.instanceof(Uint8Array) }).transform(({ B }) => B),
});

/** @param options.tableName a table whose partition key is `origin`, a string */
export function dynamoDbWitnessStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): WitnessStore {
  const register = dynamoDbRegister(options);
  const keyOf = (origin: string) => ({ [KEY]: { S: origin } });
  return {
    async read(origin) {
      const item = await register.read(keyOf(origin));
      return item && toTree(origin, item);
    },
    async replace(origin, expected, next) {
      const cosigned = { ...toItem(next), note: { B: next.note } };
      if ((await register.replace(keyOf(origin), expected && toItem(expected), cosigned)) === "stored") return;
      throw new GatebookError("HEAD_MOVED", `what was cosigned of ${origin} has moved on`);
    },
  };
}

function toItem({ size, root }: TreeHead) {
  return { size: { N: String(size) }, root: { S: root } };
}

function toTree(origin: string, attributes: Attributes): WitnessedTree {
  const parsed = Item.safeParse(attributes);
  if (!parsed.success) {
    throw new GatebookError(
      "LOG_CORRUPT",
      `what was cosigned of ${origin} cannot be read, so nothing more is: restore the table: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
