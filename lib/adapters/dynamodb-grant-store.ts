/** Grants in a DynamoDB table, all in one partition: they are few, and always asked for by time. */
import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { GatebookError } from "../core/errors.ts";
import { Grant, lowestIdAt } from "../core/grants/grant.ts";
import type { GrantStore } from "../core/grants/grant-store.ts";
import { type Attributes, dynamoDbRegister } from "./dynamodb-register.ts";

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
  const register = dynamoDbRegister({ client, tableName });
  const keyOf = (id: string) => ({ kind: { S: PARTITION }, id: { S: id } });
  return {
    async read(id) {
      const item = await register.read(keyOf(id));
      return item && toGrant(item);
    },
    async replace(next) {
      const expires = Math.floor((next.requested.time + MEMORY_MS) / 1000);
      const expected = next.version === 1 ? undefined : { version: numeral(next.version - 1) };
      const grant = { S: JSON.stringify(next) };
      return register.replace(keyOf(next.id), expected, {
        version: numeral(next.version),
        grant,
        expires: numeral(expires),
      });
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

function numeral(value: number) {
  return { N: String(value) };
}

function toGrant({ id, grant }: Attributes): Grant {
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
