/** Grants in a DynamoDB table, all in one partition: they are few, and always asked for by time. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import { GatebookError } from "../core/errors.ts";
import { Grant, lowestIdAt } from "../core/grants/grant.ts";
import type { GrantStore } from "../core/grants/grant-store.ts";

/** As long as the index keeps what was done under them. */
const MEMORY_MS = 400 * 24 * 60 * 60 * 1000;
const PARTITION = "grants";

/** @param options.tableName a table whose partition key is `kind` and whose sort key is `id`, with the time to live `expires` */
export function dynamoDbGrantStore({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): GrantStore {
  const keyOf = (id: string) => ({ kind: { S: PARTITION }, id: { S: id } });
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }),
      );
      return Item && toGrant(Item);
    },
    async replace(next) {
      const expires = Math.floor((next.requested.time + MEMORY_MS) / 1000);
      const Item = {
        ...keyOf(next.id),
        version: { N: String(next.version) },
        grant: { S: JSON.stringify(next) },
        expires: { N: String(expires) },
      };
      try {
        await client.send(new PutItemCommand({ TableName: tableName, Item, ...condition(next.version) }));
        return "stored";
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return "moved";
        throw cause;
      }
    },
    async requestedBetween(from, to) {
      // Ids have a time and random digits: none is an end of the range itself.
      const query = {
        TableName: tableName,
        KeyConditionExpression: "#kind = :kind AND #id BETWEEN :from AND :to",
        ExpressionAttributeNames: { "#kind": "kind", "#id": "id" },
        ExpressionAttributeValues: {
          ":kind": { S: PARTITION },
          ":from": { S: lowestIdAt(from) },
          ":to": { S: lowestIdAt(to) },
        },
        ConsistentRead: true,
      };
      const grants: Grant[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, query)) grants.push(...Items.map(toGrant));
      return grants;
    },
  };
}

function condition(version: number) {
  if (version === 1) {
    return { ConditionExpression: "attribute_not_exists(#id)", ExpressionAttributeNames: { "#id": "id" } };
  }
  return {
    ConditionExpression: "#version = :before",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":before": { N: String(version - 1) } },
  };
}

function toGrant({ id, grant }: Record<string, AttributeValue>): Grant {
  const parsed = Grant.safeParse(parse(grant?.S));
  if (parsed.success) return parsed.data;
  throw new GatebookError("LOG_CORRUPT", `${id?.S} cannot be read: restore the table of grants to a time before`, {
    cause: parsed.error,
  });
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
