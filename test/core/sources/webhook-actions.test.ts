/** What each recorded webhook meant: action, class and status, who, what was touched (the most specific), when, and which delivery. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { WEBHOOK_SOURCES } from "../../../lib/core/sources/webhook-source.ts";
import { fixtureNames } from "./fixtures.ts";
import { normalisedWebhook } from "./webhook-fixtures.ts";

type Expectation = readonly [what: string, who: string, where: string, when: string, trace?: string];

/** A line for each fixture in test/events, read by people when it changes. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, Expectation>>>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "webhook-expectations.json"), "utf8"),
);

describe.each(Object.entries(EXPECTED))("%s", (source, expected) => {
  test("every fixture has an expectation", () => {
    expect(fixtureNames(source)).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))("%s", (name, expectation) => {
    const { event, action, trace, granted } = normalisedWebhook(source, name);
    const [what, who] = [`${action} ${event.class_uid} ${event.status}`, event.actor?.user?.uid];
    const where = event.resources?.at(-1)?.uid ?? "";
    const when = new Date(event.time).toISOString();
    expect([what, who, where, when, ...(trace === undefined ? [] : [trace])]).toEqual(expectation);
    expect(granted).toEqual({ by: "token" });
    expect(event.src_endpoint).toEqual({ svc_name: source });
  });
});

test("every source but GitHub has its expectations", () => {
  expect(["github", ...Object.keys(EXPECTED)].sort()).toEqual([...WEBHOOK_SOURCES].sort());
});

test("a new member of a group is named with what they may do", () => {
  expect(normalisedWebhook("gitlab", "member-added").event).toMatchObject({
    activity_id: 1,
    user: { uid: "gitlab:dee-contractor", email_addr: "dee@elsewhere.example" },
    privileges: ["Maintainer"],
  });
  expect(normalisedWebhook("gitlab", "member-removed").event).toMatchObject({ activity_id: 2 });
});

test("a nickname in Bitbucket Cloud is for reading, and the account's id says who it is", () => {
  expect(normalisedWebhook("bitbucket", "push").event.actor?.user).toMatchObject({
    uid: "bitbucket:557058:ana",
    name: "analima",
  });
});

test("who made Buildkite's webhook, and who wrote a commit, are never taken for who acted", () => {
  const { event } = normalisedWebhook("buildkite", "build-by-a-webhook");
  expect(event.actor?.user?.uid).toBe("service:buildkite");
  expect(JSON.stringify(event)).not.toMatch(/somebody|made the webhook/i);
});
