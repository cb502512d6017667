/** What detections remember, in a DynamoDB table: partition `key`, sort `bucket`, a string set `members`, TTL `expires`; `dynamodb-open-buckets.ts` has those that wait. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type DetectionMemory,
  type MemoryBucket,
  type MemoryKey,
  memoryName,
} from "../core/detections/memory/detection-memory.ts";
import { GatebookError } from "../core/errors.ts";
import { concurrently } from "../core/evidence/concurrently.ts";
import { type Change, isTooLarge, toChange, toItemKey, withExpiry } from "./dynamodb-memory-item.ts";
import { addWaiting, waitingIn } from "./dynamodb-waiting-bucket.ts";
import { retryRest } from "./retry-rest.ts";

/** DynamoDB's limit for one call; an answer ends at 16 MB, and what did not fit comes back as unprocessed. */
const MAX_KEYS_PER_READ = 100;
const MAX_CONCURRENT_CALLS = 16;

export function dynamoDbDetectionMemory(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): DetectionMemory {
  const { client, tableName, now } = options;
  const update = (key: MemoryKey, change: Change) =>
    client.send(new UpdateItemCommand({ TableName: tableName, Key: toItemKey(key), ...change }));

  async function readChunk(keys: readonly MemoryKey[], found: Map<string, MemoryBucket>): Promise<void> {
    await retryRest("reading what detections remember", keys.map(toItemKey), async (Keys) => {
      const request = { [tableName]: { Keys: [...Keys], ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
      for (const item of Responses?.[tableName] ?? []) found.set(...fromItem(item));
      return UnprocessedKeys?.[tableName]?.Keys ?? [];
    });
  }

  return {
    async recall(keys) {
      // One call must not name a key twice.
      const wanted = [...new Map(keys.map((key) => [memoryName(key), key])).values()];
      const chunks = Array.from({ length: Math.ceil(wanted.length / MAX_KEYS_PER_READ) }, (_, i) =>
        wanted.slice(i * MAX_KEYS_PER_READ, (i + 1) * MAX_KEYS_PER_READ),
      );
      const found = new Map<string, MemoryBucket>();
      await concurrently(MAX_CONCURRENT_CALLS, chunks, (chunk) => readChunk(chunk, found));
      return found;
    },
    async remember(writes) {
      await concurrently(MAX_CONCURRENT_CALLS, writes, async ({ add, remove, expires, judge, ...key }) => {
        if (judge !== undefined) await addWaiting({ client, tableName }, key, { add, judge, now: now() });
        else if (add.length > 0) await update(key, addition(add, expires, now())).catch(ignoreTooLarge);
        if (remove.length > 0) await update(key, removal(remove));
      });
    },
    async claim(key, owner, expires) {
      const { Attributes } = await update(key, claimOf(owner, expires, now()));
      const claimed = Attributes?.["owner"]?.S;
      if (claimed === undefined)
        throw new GatebookError("UNAVAILABLE", `${tableName} told no owner of what was claimed`);
      return claimed;
    },
  };
}

function addition(members: readonly string[], expires: number | undefined, now: number): Change {
  const ADD = "ADD #members :members";
  const change = { names: { "#members": "members" }, values: { ":members": { SS: [...new Set(members)] } } };
  if (expires === undefined) return toChange(ADD, change);
  return toChange(`SET #expires = :expires ${ADD}`, withExpiry(change, expires, now));
}

function removal(members: readonly string[]): Change {
  const values = { ":members": { SS: [...new Set(members)] } };
  return toChange("DELETE #members :members", { names: { "#members": "members" }, values });
}

function claimOf(owner: string, expires: number | undefined, now: number): Change {
  const SET = "SET #owner = if_not_exists(#owner, :owner)";
  const change = { names: { "#owner": "owner" }, values: { ":owner": { S: owner } } };
  return {
    ...(expires === undefined
      ? toChange(SET, change)
      : toChange(`${SET}, #expires = :expires`, withExpiry(change, expires, now))),
    ReturnValues: "ALL_NEW",
  };
}

function fromItem(item: Record<string, AttributeValue>): [string, MemoryBucket] {
  const name = memoryName({ key: item["key"]?.S ?? "", bucket: item["bucket"]?.S ?? "" });
  const owner = item["owner"]?.S;
  const waiting = waitingIn(item);
  const bucket = { members: new Set(item["members"]?.SS), ...(owner !== undefined && { owner }) };
  return [name, { ...bucket, ...(waiting !== undefined && { waiting }) }];
}

/** A bucket as large as an item can be has told what it can: to refuse its events would stop the recording of all others. */
function ignoreTooLarge(error: unknown): void {
  if (!isTooLarge(error)) throw error;
}
