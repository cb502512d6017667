/** Buckets of detections' memory that wait to be judged: a sparse index of its table, partition `waits`, sort `due`. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { DueBucket, OpenBuckets } from "../core/detections/memory/open-buckets.ts";
import { toChange, toItemKey, withExpiry } from "./dynamodb-memory-item.ts";
import { WAITS } from "./dynamodb-waiting-bucket.ts";

/** As the stack calls it. */
const INDEX_NAME = "byDue";

export function dynamoDbOpenBuckets(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): OpenBuckets {
  const { client, tableName, now } = options;
  return {
    async due(at, limit) {
      const found: DueBucket[] = [];
      const request = {
        TableName: tableName,
        IndexName: INDEX_NAME,
        KeyConditionExpression: "#waits = :waits AND #due <= :now",
        ExpressionAttributeNames: { "#waits": "waits", "#due": "due" },
        ExpressionAttributeValues: { ":waits": WAITS, ":now": { N: String(at) } },
        Limit: limit,
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) {
        found.push(...Items.map(fromItem));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    async close(key, revision, expires) {
      const words = {
        names: { "#waits": "waits", "#due": "due", "#revision": "revision" },
        values: { ":revision": { N: String(revision) } },
      };
      const change = toChange("SET #expires = :expires REMOVE #waits, #due", withExpiry(words, expires, now()));
      const ConditionExpression = "#revision = :revision";
      const update = { TableName: tableName, Key: toItemKey(key), ...change, ConditionExpression };
      await client.send(new UpdateItemCommand(update)).catch(ignoreRevised);
    },
  };
}

function fromItem(item: Readonly<Record<string, AttributeValue>>): DueBucket {
  return { key: item["key"]?.S ?? "", bucket: item["bucket"]?.S ?? "", due: Number(item["due"]?.N) };
}

/** More has come since it was judged: it is judged again. */
function ignoreRevised(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
