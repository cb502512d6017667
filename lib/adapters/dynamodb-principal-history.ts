/** The index's DynamoDB table, asked what a principal did around a time. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { PrincipalHistory } from "../core/alerting/principal-history.ts";
import type { IndexEntry } from "../core/record/index-entry.ts";
import { fromIndexItem } from "./dynamodb-index-item.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

export function dynamoDbPrincipalHistory(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): PrincipalHistory {
  const { client, tableName } = options;

  async function query(
    principal: string,
    { time, isBefore, limit }: { readonly time: number; readonly isBefore: boolean; readonly limit: number },
  ): Promise<IndexEntry[]> {
    // Nobody is nobody's name: DynamoDB has no such key.
    if (principal === "") return [];
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: `principal = :principal AND eventKey ${isBefore ? "<" : ">="} :time`,
        ExpressionAttributeValues: {
          ":principal": { S: toKeyText(principal, MAX_PARTITION_KEY_BYTES) },
          ":time": { S: new Date(time).toISOString() },
        },
        ScanIndexForward: !isBefore,
        Limit: limit,
      }),
    );
    return Items.map(fromIndexItem);
  }

  return {
    before: (principal, time, limit) => query(principal, { time, isBefore: true, limit }),
    since: (principal, time, limit) => query(principal, { time, isBefore: false, limit }),
  };
}
