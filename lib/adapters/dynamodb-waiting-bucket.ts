/** What an item of detections' memory has beside its members while it waits to be judged. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Judgement, MemoryBucket, MemoryKey } from "../core/detections/memory/detection-memory.ts";
import { type Change, isTooLarge, toChange, toItemKey, type Words } from "./dynamodb-memory-item.ts";

/**
 * The value of `waits`, the partition key of the index of those that wait. A partition takes a thousand writes a second: as many buckets can begin
 * or end their wait, and writing to one that waits costs the index nothing.
 */
export const WAITS = { S: "yes" };

interface WaitingWrite {
  readonly add: readonly string[];
  readonly judge: Judgement;
  readonly now: number;
}

/** Adds members, and has the bucket wait, in one call; in two where a later event is there. */
export async function addWaiting(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  key: MemoryKey,
  write: WaitingWrite,
): Promise<void> {
  const update = async (change: Change): Promise<void> => {
    await client.send(new UpdateItemCommand({ TableName: tableName, Key: toItemKey(key), ...change }));
  };
  try {
    await update(withLatest(write)).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return update(waits(write));
    });
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    // Without them, what is found says that it may be wrong; without even that, events of other groups are recorded all the same.
    await update(waits({ ...write, add: [] }, true)).catch((again: unknown) => {
      if (!isTooLarge(again)) throw again;
    });
  }
}

/** Undefined for a bucket that does not wait. */
export function waitingIn(item: Readonly<Record<string, AttributeValue>>): MemoryBucket["waiting"] {
  if (item["waits"] === undefined) return undefined;
  const revision = Number(item["revision"]?.N ?? 0);
  return { revision, latest: item["latest"]?.S ?? "", isCut: item["cut"]?.BOOL === true };
}

const BEGIN = "#waits = :waits, #due = if_not_exists(#due, :due)";
const REVISE = "#revision :one";

function waits({ add, judge, now }: WaitingWrite, isCut = false): Change {
  const words = wordsOf(judge, now);
  const cut = isCut ? ", #cut = :true" : "";
  return toChange(`SET ${BEGIN}${cut} ADD ${REVISE}${add.length > 0 ? ", #members :members" : ""} REMOVE #expires`, {
    names: { ...words.names, ...(isCut && { "#cut": "cut" }), ...(add.length > 0 && { "#members": "members" }) },
    values: { ...words.values, ...(isCut && { ":true": { BOOL: true } }), ...membersOf(add) },
  });
}

function withLatest({ add, judge, now }: WaitingWrite): Change {
  const { at, text } = judge.latest;
  const words = wordsOf(judge, now);
  const names = { ...words.names, "#members": "members", "#latest": "latest", "#at": "latestAt" };
  const values = { ...words.values, ...membersOf(add), ":latest": { S: text }, ":at": { S: at } };
  const SET = `SET ${BEGIN}, #latest = :latest, #at = :at`;
  return {
    ...toChange(`${SET} ADD ${REVISE}, #members :members REMOVE #expires`, { names, values }),
    ConditionExpression: "attribute_not_exists(#at) OR #at < :at",
  };
}

function wordsOf({ end, latenessMs }: Judgement, now: number): Words {
  return {
    names: { "#waits": "waits", "#due": "due", "#revision": "revision", "#expires": "expires" },
    values: { ":waits": WAITS, ":due": { N: String(Math.max(end, now) + latenessMs) }, ":one": { N: "1" } },
  };
}

function membersOf(add: readonly string[]): Record<string, AttributeValue> {
  return add.length > 0 ? { ":members": { SS: [...new Set(add)] } } : {};
}
