/** What waits to be looked at again, in a DynamoDB table: partition key `queue`, sort key `due`. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";
import { formatPlace } from "../core/evidence/entry-place.ts";
import type { PendingLook, PendingLooks } from "../core/second-look/pending-looks.ts";
import { retryRest } from "./retry-rest.ts";

/** One partition holds a thousand writes a second: approvals and merges are fewer. */
const QUEUE = { S: "looks" };
/** DynamoDB's limit for one call. */
const MAX_WRITES = 25;

const number = z.object({ N: z.string() }).transform(({ N }) => Number(N));
const Attributes = z.object({
  due: z.object({ S: z.string() }).transform(({ S }) => Date.parse(S.slice(0, S.indexOf("#")))),
  shard: number,
  index: number,
  committed: number,
});

export function dynamoDbPendingLooks(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): PendingLooks {
  const { client, tableName } = options;
  return {
    async note(looks) {
      for (let from = 0; from < looks.length; from += MAX_WRITES) {
        const requests = looks.slice(from, from + MAX_WRITES).map((look) => ({ PutRequest: { Item: toItem(look) } }));
        await retryRest("noting what to look at again", requests, async (rest) => {
          const { UnprocessedItems } = await client.send(
            new BatchWriteItemCommand({ RequestItems: { [tableName]: [...rest] } }),
          );
          return (UnprocessedItems?.[tableName] ?? []) as typeof requests;
        });
      }
    },
    async due(now, limit) {
      const found: PendingLook[] = [];
      const request = {
        TableName: tableName,
        KeyConditionExpression: "queue = :queue AND due < :now",
        // A key goes on behind its time, with a character that is no later than any of a time's.
        ExpressionAttributeValues: { ":queue": QUEUE, ":now": { S: new Date(now + 1).toISOString() } },
        ConsistentRead: true,
        Limit: limit,
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) {
        found.push(...Items.map(fromItem));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    async remove(look) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(look) }));
    },
  };
}

/** By the time first: what is due is a range. */
function keyOf({ place, due }: PendingLook) {
  return { queue: QUEUE, due: { S: `${new Date(due).toISOString()}${formatPlace(place)}` } };
}

function toItem(look: PendingLook): Record<string, AttributeValue> {
  const { shard, index } = look.place;
  const numbers = { shard, index, committed: look.committed };
  return {
    ...keyOf(look),
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }])),
  };
}

function fromItem(item: Readonly<Record<string, AttributeValue>>): PendingLook {
  const parsed = Attributes.safeParse(item);
  if (parsed.success) {
    const { shard, index, committed, due } = parsed.data;
    return { place: { shard, index }, committed, due };
  }
  const message = `the table of second looks holds what is none, under ${item["due"]?.S}: look at it and delete it`;
  throw new GatebookError("UNAVAILABLE", message, { cause: parsed.error });
}
