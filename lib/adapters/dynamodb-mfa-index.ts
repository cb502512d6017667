/** What was told of accounts' second factors, in the index's table. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { MAX_TELLINGS, type MfaIndex } from "../core/access/mfa-index.ts";
import { GatebookError } from "../core/errors.ts";
import { fromMfaItem, toMfaPartition } from "./dynamodb-index-item.ts";

export function dynamoDbMfaIndex(options: { readonly client: DynamoDBClient; readonly tableName: string }): MfaIndex {
  const { client, tableName } = options;
  return {
    async tellingsOf(account, { since, until }) {
      const query = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "principal = :account AND eventKey BETWEEN :since AND :until",
        ExpressionAttributeValues: {
          ":account": toMfaPartition(account),
          ":since": { S: new Date(since).toISOString() },
          // Keys go on behind the time with "#".
          ":until": { S: `${new Date(until).toISOString()}$` },
        },
        ScanIndexForward: false,
        Limit: MAX_TELLINGS,
        ConsistentRead: true,
      });
      const { Items = [] } = await client.send(query).catch((cause: unknown) => {
        throw new GatebookError("UNAVAILABLE", "what is known of an account's MFA could not be read", { cause });
      });
      return Items.flatMap((item) => fromMfaItem(item) ?? []);
    },
  };
}
