/** The secondary indexes of the index's DynamoDB table, each of which projects every attribute. */
import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { keyName } from "../core/evidence/event-index.ts";
import { type DeliveryIndex, MAX_LINKS, MAX_TRACE_ENTRIES } from "../core/record/delivery-index.ts";
import type { IndexEntry } from "../core/record/index-entry.ts";
import { fromIndexItem, fromLinkItem, toLinkPartition } from "./dynamodb-index-item.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

export function dynamoDbDeliveryIndex(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): DeliveryIndex {
  const { client, tableName } = options;

  /** Newest first, unless the input says otherwise; an answer ends at one megabyte, the next begins behind it. */
  async function query(input: Omit<QueryCommandInput, "TableName">, limit: number): Promise<IndexEntry[]> {
    const entries: IndexEntry[] = [];
    let start: Pick<QueryCommandInput, "ExclusiveStartKey"> | undefined = {};
    while (start !== undefined && entries.length < limit) {
      const request: QueryCommandInput = {
        ScanIndexForward: false,
        ...input,
        ...start,
        TableName: tableName,
        Limit: limit - entries.length,
      };
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await client.send(new QueryCommand(request));
      entries.push(...Items.map(fromIndexItem));
      start = LastEvaluatedKey && { ExclusiveStartKey: LastEvaluatedKey };
    }
    return entries;
  }

  return {
    async byResource(resource, { before, limit }) {
      // No entry is under the empty text: DynamoDB has no such key.
      if (resource === "") return [];
      return query(
        {
          IndexName: "byResource",
          KeyConditionExpression: "#key = :key AND eventKey < :before",
          ExpressionAttributeNames: { "#key": "resource" },
          ExpressionAttributeValues: {
            ":key": { S: toKeyText(resource, MAX_PARTITION_KEY_BYTES) },
            ":before": { S: new Date(before).toISOString() },
          },
        },
        limit,
      );
    },
    async linksOf(trace) {
      if (trace === "") return [];
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "principal = :node",
          ExpressionAttributeValues: { ":node": toLinkPartition(trace) },
          Limit: MAX_LINKS,
        }),
      );
      return Items.map(fromLinkItem);
    },
    async byTrace(trace) {
      if (trace === "") return [];
      const ofTrace = {
        IndexName: "byTrace",
        KeyConditionExpression: "#key = :key",
        ExpressionAttributeNames: { "#key": "trace" },
        ExpressionAttributeValues: { ":key": { S: toKeyText(trace, MAX_PARTITION_KEY_BYTES) } },
      };
      const last = (await query(ofTrace, MAX_TRACE_ENTRIES / 2)).reverse();
      if (last.length < MAX_TRACE_ENTRIES / 2) return last;
      const first = await query({ ...ofTrace, ScanIndexForward: true }, MAX_TRACE_ENTRIES / 2);
      const names = new Set(first.map(keyName));
      return [...first, ...last.filter((entry) => !names.has(keyName(entry)))];
    },
  };
}
