/** The index's DynamoDB table, asked what a principal did and how far the log had come at a time. */
import { type DynamoDBClient, paginateQuery, QueryCommand } from "@aws-sdk/client-dynamodb";
import { shardOrigin } from "../core/evidence/shard.ts";
import type { SearchIndex } from "../core/search/search.ts";
import { dynamoDbDeliveryIndex } from "./dynamodb-delivery-index.ts";
import { fromIndexItem, toCommitPartition } from "./dynamodb-index-item.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

export function dynamoDbSearchIndex(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The name of the log, or of its first shard. */
  readonly origin: string;
}): SearchIndex {
  const { client, tableName, origin } = options;
  return {
    ...dynamoDbDeliveryIndex(options),
    async *byPrincipal(principal, { since, until }) {
      const request = {
        TableName: tableName,
        KeyConditionExpression: "principal = :principal AND eventKey BETWEEN :since AND :until",
        ExpressionAttributeValues: {
          ":principal": { S: toKeyText(principal, MAX_PARTITION_KEY_BYTES) },
          ":since": { S: new Date(since).toISOString() },
          ":until": { S: new Date(until).toISOString() },
        },
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) {
        for (const item of Items) {
          const { logIndex, shard = 0 } = fromIndexItem(item);
          if (logIndex !== undefined) yield { shard, index: logIndex };
        }
      }
    },
    async sizeAt(time, shard) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "principal = :commits AND eventKey < :time",
          ExpressionAttributeValues: {
            ":commits": toCommitPartition(shardOrigin(origin, shard)),
            ":time": { S: new Date(time).toISOString() },
          },
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return Number(Items[0]?.["n"]?.N ?? 0);
    },
  };
}
