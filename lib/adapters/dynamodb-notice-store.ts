/** Notices in a DynamoDB table: partition key `finding`, time to live `expires`. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { NoticeStore } from "../core/alerting/notice-store.ts";

/** As long as the index keeps the event. */
const MEMORY_MS = 400 * 24 * 60 * 60 * 1000;

export function dynamoDbNoticeStore({ client, tableName }: { client: DynamoDBClient; tableName: string }): NoticeStore {
  const keyOf = (finding: string) => ({ finding: { S: finding } });
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
        return Item?.["message"] === undefined ? "busy" : "sent";
      }
    },
    async markSent(finding, message, now) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { ...keyOf(finding), message: { S: message }, sentAt: { N: String(now) }, expires: expiresAt(now) },
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
        // Mailed meanwhile: that memory stays.
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
      }
    },
  };
}
