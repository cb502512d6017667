/** Windows of time in the DynamoDB table of the notices: partition key `finding`, time to live `expires`. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { AlertWindows } from "../core/alerting/alert-windows.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

/** Neither is a finding: `toKeyText` never begins with "#". */
const WINDOWS = "#window/";
const TAKEN = "#taken/";
/** What DynamoDB may clear away, long after it counts. */
const KEPT_MS = 24 * 60 * 60 * 1000;

export function dynamoDbAlertWindows(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): AlertWindows {
  const { client, tableName } = options;

  async function read(name: string): Promise<Record<string, AttributeValue> | undefined> {
    const request = { TableName: tableName, Key: keyOf(WINDOWS, name), ConsistentRead: true };
    return (await client.send(new GetItemCommand(request))).Item;
  }

  return {
    async open(name, holder, { now, until }) {
      const item = { holder: { S: holder }, closes: numeric(until), expires: expiresAt(until) };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { ...keyOf(WINDOWS, name), ...item },
            ConditionExpression: "attribute_not_exists(finding) OR closes <= :now",
            ExpressionAttributeValues: { ":now": numeric(now) },
          }),
        );
        return { isHolder: true, until };
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        const found = await read(name);
        return { isHolder: found?.["holder"]?.S === holder, until: Number(found?.["closes"]?.N ?? now) };
      }
    },
    async closes(name, now) {
      const until = Number((await read(name))?.["closes"]?.N ?? now);
      return until > now ? until : undefined;
    },
    async take(name, limit, now) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: keyOf(TAKEN, name),
            UpdateExpression: "ADD taken :one SET expires = :expires",
            ConditionExpression: "attribute_not_exists(taken) OR taken < :limit",
            ExpressionAttributeValues: { ":one": numeric(1), ":limit": numeric(limit), ":expires": expiresAt(now) },
          }),
        );
        return true;
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        return false;
      }
    },
  };
}

function keyOf(prefix: string, name: string) {
  return { finding: { S: `${prefix}${toKeyText(name, MAX_PARTITION_KEY_BYTES - prefix.length)}` } };
}

function numeric(value: number): AttributeValue.NMember {
  return { N: String(value) };
}

function expiresAt(time: number): AttributeValue.NMember {
  return numeric(Math.floor((time + KEPT_MS) / 1000));
}
