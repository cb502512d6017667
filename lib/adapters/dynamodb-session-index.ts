/** Who holds which temporary credentials, in the index's table. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Holder, SessionIndex } from "../core/record/session-holder.ts";
import { fromSessionItem, toSessionKey } from "./dynamodb-index-item.ts";
import { retryRest } from "./retry-rest.ts";

/** DynamoDB's limit for one call. */
const MAX_KEYS_PER_READ = 100;

export function dynamoDbSessionIndex(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): SessionIndex {
  const { client, tableName } = options;
  return {
    async holdersOf(credentials) {
      const byPartition = new Map(
        credentials.map((credential) => [toSessionKey(credential)["principal"]?.S, credential]),
      );
      const keys = [...new Set(credentials)].map(toSessionKey);
      const holders = new Map<string, Holder>();
      for (let from = 0; from < keys.length; from += MAX_KEYS_PER_READ) {
        await retryRest("reading sessions", keys.slice(from, from + MAX_KEYS_PER_READ), async (Keys) => {
          const request = { [tableName]: { Keys: [...Keys], ConsistentRead: true } };
          const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
          for (const item of Responses?.[tableName] ?? []) {
            const credential = byPartition.get(item["principal"]?.S);
            if (credential !== undefined) holders.set(credential, fromSessionItem(item));
          }
          return UnprocessedKeys?.[tableName]?.Keys ?? [];
        });
      }
      return holders;
    },
  };
}
