/** Findings that wait, in a DynamoDB table: partition key `queue`, sort key `due`. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Outbox, WaitingFinding } from "../core/alerting/outbox.ts";
import { GatebookError } from "../core/errors.ts";
import { clip } from "../core/record/clip.ts";
import { FindingSchema } from "../core/record/finding-schema.ts";
import { MAX_SORT_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";
import { retryRest } from "./retry-rest.ts";

/** One partition holds a thousand writes a second, many times what the function that mails makes of its queue. */
const QUEUE = { S: "waiting" };
/** DynamoDB's limit for one call. */
const MAX_DELETES = 25;
/** Of a finding, for a mail that tells many: an item ends at 400 KB, and thousands are read at once. */
const BOUNDS = { characters: 512, items: 12 };
/** ISO time, "#", reason, "#". */
const PREFIX_BYTES = 40;

const Attributes = z.object({
  due: z.object({ S: z.string() }).transform(({ S }) => Date.parse(S.slice(0, S.indexOf("#")))),
  reason: z.object({ S: z.enum(["repeat", "storm"]) }).transform(({ S }) => S),
  finding: z.object({ S: z.string() }).transform(({ S }) => FindingSchema.parse(JSON.parse(S))),
});

export function dynamoDbOutbox(options: { readonly client: DynamoDBClient; readonly tableName: string }): Outbox {
  const { client, tableName } = options;
  return {
    async put(waiting) {
      const { reason, finding } = waiting;
      // Not the uid: it is the item's key, by which it is found again to be removed.
      const kept = { ...clip(finding, BOUNDS), uid: finding.uid };
      const attributes = { reason: { S: reason }, finding: { S: JSON.stringify(kept) } };
      await client.send(new PutItemCommand({ TableName: tableName, Item: { ...keyOf(waiting), ...attributes } }));
    },
    async due(now, limit) {
      const found: WaitingFinding[] = [];
      const request = {
        TableName: tableName,
        KeyConditionExpression: "queue = :queue AND due < :now",
        // A key goes on behind its time, with a character that is no later than any of a time's.
        ExpressionAttributeValues: { ":queue": QUEUE, ":now": { S: new Date(now + 1).toISOString() } },
        ConsistentRead: true,
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) {
        found.push(...Items.map(fromItem));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
    async remove(waiting) {
      const keys = [...new Map(waiting.map((each) => [keyOf(each).due.S, keyOf(each)])).values()];
      for (let from = 0; from < keys.length; from += MAX_DELETES) {
        const requests = keys.slice(from, from + MAX_DELETES).map((Key) => ({ DeleteRequest: { Key } }));
        await retryRest("removing what was mailed", requests, async (rest) => {
          const { UnprocessedItems } = await client.send(
            new BatchWriteItemCommand({ RequestItems: { [tableName]: [...rest] } }),
          );
          return (UnprocessedItems?.[tableName] ?? []) as typeof requests;
        });
      }
    },
  };
}

/** By the time first: what is due is a range. */
function keyOf({ due, reason, finding }: WaitingFinding) {
  const uid = toKeyText(finding.uid, MAX_SORT_KEY_BYTES - PREFIX_BYTES);
  return { queue: QUEUE, due: { S: `${new Date(due).toISOString()}#${reason}#${uid}` } };
}

function fromItem(item: Readonly<Record<string, AttributeValue>>): WaitingFinding {
  try {
    return Attributes.parse(item);
  } catch (cause) {
    const message = `the table of waiting findings holds what is none, under ${item["due"]?.S}: look at it and delete it`;
    throw new GatebookError("UNAVAILABLE", message, { cause });
  }
}
