/** Notices in a DynamoDB table: partition key `finding`, time to live `expires`. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { NoticeStore } from "../core/alerting/notice-store.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

/** As long as the index keeps the event. */
const MEMORY_MS = 400 * 24 * 60 * 60 * 1000;

export function dynamoDbNoticeStore({ client, tableName }: { client: DynamoDBClient; tableName: string }): NoticeStore {
  // No uid is a window's name: see dynamodb-alert-windows.ts.
  const keyOf = (finding: string) => ({ finding: { S: toKeyText(finding, MAX_PARTITION_KEY_BYTES) } });
  const expiresAt = (now: number) => ({ N: String(Math.floor((now + MEMORY_MS) / 1000)) });
  return {
    async claim(finding, now, until) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { ...keyOf(finding), claimedUntil: { N: String(until) }, expires: expiresAt(now) },
            ConditionExpression:
              "attribute_not_exists(finding) OR (attribute_not_exists(message) AND claimedUntil < :now)",
            ExpressionAttributeValues: { ":now": { N: String(now) } },
          }),
        );
        return "claimed";
      } catch (cause) {
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: keyOf(finding), ConsistentRead: true }),
        );
        if (Item?.["message"] === undefined) return "busy";
        return Item["done"]?.BOOL === true ? "done" : "told";
      }
    },
    async markTold(finding, how, now) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { ...keyOf(finding), message: { S: how }, sentAt: { N: String(now) }, expires: expiresAt(now) },
        }),
      );
    },
    async markDone(finding) {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: keyOf(finding),
          UpdateExpression: "SET done = :done",
          ExpressionAttributeValues: { ":done": { BOOL: true } },
        }),
      );
    },
    async release(finding) {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: keyOf(finding),
            ConditionExpression: "attribute_not_exists(message)",
          }),
        );
      } catch (cause) {
        // Told meanwhile: that memory stays.
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
      }
    },
  };
}
