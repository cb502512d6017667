/** What was done with the access that is kept for emergencies, in the index's table: one item for each hour of a session and whoever acted in it. */
import { hash } from "node:crypto";
import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import {
  type BreakGlassIndex,
  type EmergencyHour,
  HOUR_MS,
  startOfHour,
} from "../core/break-glass/break-glass-index.ts";
import { timeOf } from "../core/record/entry-time.ts";
import type { IndexEntry } from "../core/record/index-entry.ts";
import { fromIndexItem, type IndexItem, shortened } from "./dynamodb-index-item.ts";
import { MAX_PARTITION_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

/** Principals never start with "#": see `toKeyText`. */
const EMERGENCIES = { S: "#emergency" };

/** A thousand events of an hour are one item: the key says all that it holds, so that it can be written in any order and again. */
export function toEmergencyItems({ principal, eventKey, breakGlass }: IndexEntry, expires: number): IndexItem[] {
  const time = timeOf({ eventKey });
  if (breakGlass === undefined || Number.isNaN(time)) return [];
  const session = shortened(breakGlass);
  const who = toKeyText(principal, MAX_PARTITION_KEY_BYTES);
  const digest = hash("sha256", JSON.stringify([session.S, who]), "hex");
  const hour = new Date(startOfHour(time)).toISOString();
  return [
    {
      principal: EMERGENCIES,
      eventKey: { S: `${hour}#${digest}` },
      b: session,
      w: { S: who },
      expires: { N: String(expires) },
    },
  ];
}

export function dynamoDbBreakGlassIndex(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): BreakGlassIndex {
  const { client, tableName } = options;
  return {
    async emergencyHours({ since, until }) {
      const hours: EmergencyHour[] = [];
      const request = {
        TableName: tableName,
        KeyConditionExpression: "principal = :emergencies AND eventKey BETWEEN :since AND :until",
        ExpressionAttributeValues: {
          ":emergencies": EMERGENCIES,
          ":since": { S: new Date(startOfHour(since)).toISOString() },
          // Keys go on behind the time with "#".
          ":until": { S: `${new Date(until).toISOString()}$` },
        },
        ConsistentRead: true,
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) hours.push(...Items.flatMap(fromItem));
      return hours;
    },
    async accessesIn({ session, principal, hour }, { since, limit, from }) {
      const entries: IndexEntry[] = [];
      const request = {
        TableName: tableName,
        KeyConditionExpression: "principal = :principal AND eventKey BETWEEN :since AND :until",
        // Whoever took the session on has done other things in this hour.
        FilterExpression: "b = :session",
        ExpressionAttributeValues: {
          // As the item of the hour has it, which is a key already.
          ":principal": { S: principal },
          ":session": { S: session },
          ":since": { S: new Date(Math.max(hour, since)).toISOString() },
          ":until": { S: new Date(hour + HOUR_MS).toISOString() },
        },
        ScanIndexForward: from === "first",
        ConsistentRead: true,
      };
      for await (const { Items = [] } of paginateQuery({ client }, request)) {
        entries.push(...Items.map(fromIndexItem));
        if (entries.length >= limit) break;
      }
      return entries.slice(0, limit);
    },
  };
}

/** @returns nothing for what no Gatebook of this version has written */
function fromItem({ eventKey, b, w }: IndexItem): EmergencyHour[] {
  const hour = timeOf({ eventKey: eventKey?.S ?? "" });
  if (b?.S === undefined || w?.S === undefined || Number.isNaN(hour)) return [];
  return [{ session: b.S, principal: w.S, hour }];
}
