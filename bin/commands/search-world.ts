/** What searching a running stack takes, and times as people write them. */
import { InvalidArgumentError } from "commander";
import { dynamoDbSearchIndex } from "../../lib/adapters/dynamodb-search-index.ts";
import type { SearchWorld } from "../../lib/core/search/search.ts";
import type { RunningStack } from "./running-stack.ts";
import { stackShards } from "./stack-shards.ts";

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export async function searchWorld(stack: RunningStack): Promise<SearchWorld> {
  const { IndexTable: tableName, LogOrigin: origin } = stack.outputs;
  return {
    index: dynamoDbSearchIndex({ client: stack.dynamoDb, tableName, origin }),
    shards: await stackShards(stack),
  };
}

/** @returns epoch milliseconds */
export function parseTime(text: string): number {
  const [, amount, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = amount === undefined ? Date.parse(text) : Date.now() - Number(amount) * (UNITS_MS[unit] ?? 0);
  if (Number.isNaN(time)) throw new InvalidArgumentError("Give 24h, 7d, 30m, or a time such as 2026-11-22T10:00:00Z.");
  return time;
}
