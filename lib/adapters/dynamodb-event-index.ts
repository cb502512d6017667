/** The index in a DynamoDB table: partition `principal`, sort `eventKey`, secondary indexes `byResource` and `byTrace`, TTL `expires`. */
import { BatchGetItemCommand, BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { concurrently } from "../core/evidence/concurrently.ts";
import { type EventIndex, HOT_MS, keyName } from "../core/evidence/event-index.ts";
import { shardOf } from "../core/evidence/shard.ts";
import type { IndexKey } from "../core/record/index-entry.ts";
import { toEmergencyItems } from "./dynamodb-break-glass-index.ts";
import {
  type IndexItem,
  toCommitItem,
  toIdentityKey,
  toIndexItem,
  toIndexKey,
  toLinkItems,
  toMfaItems,
  toSessionItem,
} from "./dynamodb-index-item.ts";
import { retryRest } from "./retry-rest.ts";

/** DynamoDB's limits for one call. */
const MAX_KEYS_PER_READ = 100;
const MAX_ITEMS_PER_WRITE = 25;

const MAX_CONCURRENT_CALLS = 8;

export function dynamoDbEventIndex(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): EventIndex {
  const { client, tableName } = options;

  async function readKeys(keys: readonly IndexItem[]): Promise<IndexItem[]> {
    const found: IndexItem[] = [];
    await retryRest("reading the index", keys, async (Keys) => {
      const request = {
        [tableName]: { Keys: [...Keys], ConsistentRead: true, ProjectionExpression: "principal, eventKey" },
      };
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
      found.push(...(Responses?.[tableName] ?? []));
      return UnprocessedKeys?.[tableName]?.Keys ?? [];
    });
    return found;
  }

  async function writeItems(items: readonly IndexItem[]): Promise<void> {
    await retryRest("writing the index", items, async (rest) => {
      const requests = rest.map((Item) => ({ PutRequest: { Item } }));
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
      );
      return (UnprocessedItems?.[tableName] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item === undefined ? [] : [PutRequest.Item],
      );
    });
  }

  return {
    async known(keys) {
      // One call must not name a key twice.
      const wanted = new Map(keys.flatMap(itemKeys).map((item) => [itemName(item), item]));
      const stored = new Set<string>();
      await concurrently(MAX_CONCURRENT_CALLS, chunks([...wanted.values()], MAX_KEYS_PER_READ), async (chunk) => {
        for (const item of await readKeys(chunk)) stored.add(itemName(item));
      });
      return new Set(keys.filter((key) => itemKeys(key).some((item) => stored.has(itemName(item)))).map(keyName));
    },
    async write(commit) {
      // DynamoDB counts in seconds.
      const expires = Math.floor((commit.time + HOT_MS) / 1000);
      const shard = shardOf(commit.origin);
      const items = commit.entries.map((entry, i) => toIndexItem(entry, { shard, index: commit.from + i }, expires));
      const identities = new Set(commit.entries.flatMap(({ identity }) => (identity === undefined ? [] : [identity])));
      items.push(
        ...[...identities].map((identity) => ({ ...toIdentityKey(identity), expires: { N: String(expires) } })),
      );
      // Of one credential in one commit, the last: it is handed out once, and a call must not put one item twice.
      const sessions = new Map(
        commit.entries.flatMap((entry) => (entry.issued === undefined ? [] : [[entry.issued, entry]])),
      );
      items.push(...[...sessions].map(([credential, entry]) => toSessionItem(entry, credential, expires)));
      const more = commit.entries.flatMap((entry) => [
        ...toLinkItems(entry, expires),
        ...toMfaItems(entry, expires),
        ...toEmergencyItems(entry, expires),
      ]);
      items.push(...new Map(more.map((item) => [itemName(item), item])).values());
      items.push(toCommitItem(commit, expires));
      await concurrently(MAX_CONCURRENT_CALLS, chunks(items, MAX_ITEMS_PER_WRITE), writeItems);
    },
  };
}

/** The items that say that an event is known. */
function itemKeys(key: IndexKey): IndexItem[] {
  return [toIndexKey(key), ...(key.identity === undefined ? [] : [toIdentityKey(key.identity)])];
}

function itemName({ principal, eventKey }: IndexItem): string {
  return JSON.stringify([principal?.S, eventKey?.S]);
}

function* chunks<T>(things: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < things.length; start += size) yield things.slice(start, start + size);
}
