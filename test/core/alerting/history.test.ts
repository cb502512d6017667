/** A mail's history is the same person's, by whichever of their names, without the event itself. */
import { describe, expect, test } from "vitest";
import { memoryPrincipalHistory } from "../../../lib/adapters/memory-principal-history.ts";
import { historyLines, readHistory } from "../../../lib/core/alerting/history.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { FINDING, findingWith } from "./findings.ts";

const SETTINGS = { timezone: "Europe/London" };
const ANA = FINDING.principal;
const PEOPLE = [
  {
    email: "ana@acme.example",
    name: "Ana Lima",
    identities: ["github:analima", "sso:ana@acme.example", "arn:aws:sts::*:assumed-role/*"],
  },
];

function entry(principal: string, seconds: number, members: Partial<IndexEntry> = {}): IndexEntry {
  const eventKey = `${new Date(FINDING.time + seconds * 1_000).toISOString()}#event${seconds}`;
  return { principal, eventKey, action: "secret.read", operation: "GetSecretValue", ...members };
}
const own = { ...entry(ANA, 0), eventKey: `${new Date(FINDING.time).toISOString()}#${FINDING.event}` };

async function linesOf(entries: readonly IndexEntry[], finding = FINDING): Promise<string[]> {
  return historyLines(await readHistory(finding, PEOPLE, memoryPrincipalHistory(entries)), SETTINGS);
}

describe("a history", () => {
  test("is the same person's, by principal and by identities, in the order of time, on either side of the event", async () => {
    const entries = [
      entry("github:analima", -60, { action: "source.push", operation: "push", resource: "github:acme/shop" }),
      entry(ANA, 120, { resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/db", status: 2 }),
      entry(ANA, -120),
      entry("github:bochen", -30),
      own,
    ];
    expect(await linesOf(entries)).toEqual([
      "01 Jul 14:01:22 secret.read, GetSecretValue",
      "01 Jul 14:02:22 source.push, push on github:acme/shop",
      "-> this event",
      "01 Jul 14:05:22 secret.read, GetSecretValue on shop/prod/db, FAILED",
    ]);
  });

  test("has five on either side", async () => {
    const entries = Array.from({ length: 41 }, (_, i) => entry(ANA, i - 20));
    const lines = await linesOf([...entries.filter(({ eventKey }) => !eventKey.endsWith("#event0")), own]);
    expect(lines).toHaveLength(11);
    expect([lines[0], lines[5], lines[10]]).toEqual([
      "01 Jul 14:03:17 secret.read, GetSecretValue",
      "-> this event",
      "01 Jul 14:03:27 secret.read, GetSecretValue",
    ]);
  });

  test("leaves out the event itself, under a longer id too, and what a correlation counted", async () => {
    const finding = findingWith({ events: ["event-2"] });
    const repeated = { ...own, eventKey: `${own.eventKey}:0123456789abcdef` };
    const counted = entry(ANA, -5, { eventKey: `${new Date(FINDING.time - 5_000).toISOString()}#event-2` });
    expect(await linesOf([own, repeated, counted], finding)).toEqual(["nothing else is known of this person"]);
  });

  test("of nobody of gatebook.yml is the principal's", async () => {
    const { person: _, ...nobody } = FINDING;
    expect(await linesOf([entry(ANA, -60), entry("github:analima", -30)], nobody)).toHaveLength(2);
  });

  test("says so where the index cannot be read", async () => {
    const away = async (): Promise<never> => {
      throw new Error("the table is away");
    };
    const history = await readHistory(FINDING, PEOPLE, { before: away, since: away });
    expect(history).toEqual({ outcome: "failed" });
    expect(historyLines(history, SETTINGS)).toEqual(["the index could not be read; search for it as below"]);
  });
});
