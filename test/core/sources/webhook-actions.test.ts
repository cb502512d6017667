/**
 * What each recorded webhook meant: action, class and status, who, what was touched (the most specific), when, and which delivery with what
 * it is tied to. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { personLookup } from "../../../lib/core/configuration/people.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { WEBHOOK_SOURCES } from "../../../lib/core/sources/webhooks/webhook-source.ts";
import { fixtureNames } from "./fixtures.ts";
import { normalisedWebhook, recordedWebhook, webhookOf } from "./webhook-fixtures.ts";

type Expectation = readonly [what: string, who: string, where: string, when: string, trace?: string, links?: string];

/** A line for each fixture in test/events, read by people when it changes. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, Expectation>>>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "webhook-expectations.json"), "utf8"),
);

describe.each(Object.entries(EXPECTED))("%s", (source, expected) => {
  test("every fixture has an expectation", () => {
    expect(fixtureNames(source)).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))("%s", (name, expectation) => {
    const { event, action, trace, links, granted } = normalisedWebhook(source, name);
    const [what, who] = [`${action} ${event.class_uid} ${event.status}`, event.actor?.user?.uid];
    const where = event.resources?.at(-1)?.uid ?? "";
    const when = new Date(event.time).toISOString();
    const delivery = [trace, links?.join(" ")].filter((text) => text !== undefined);
    expect([what, who, where, when, ...delivery]).toEqual(expectation);
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

test("who wrote Jenkins's commits, and what the parameters of a build say, are never taken for who acted", () => {
  const { event } = normalisedWebhook("jenkins", "started-from-a-branch");
  expect(event.actor?.user?.uid).toBe("service:jenkins");
  expect(JSON.stringify(event)).not.toMatch(/bochen|analima/);
});

test("a sync of Argo CD and how it ended share a trace", () => {
  const [started, ended] = ["sync-running", "sync-succeeded"].map((name) => normalisedWebhook("argocd", name).trace);
  expect(started).toBe("argocd:production/argocd/shop/operations/2026-11-23T09:50:00Z");
  expect(ended).toBe(started);
});

test("an application of Argo CD is read as the body and as its member app", () => {
  const whole = JSON.parse(recordedWebhook("argocd", "whole-application"));
  const app = JSON.parse(Buffer.from(whole.body, "base64").toString());
  const [bare, wrapped] = [app, { app, context: { environment: "production" } }].map((body) =>
    normalise(parseMessage(webhookOf("argocd", body))),
  );
  expect(bare?.event.resources?.length).toBe(2);
  expect([wrapped?.action, wrapped?.trace, wrapped?.event.actor, wrapped?.event.resources]).toEqual([
    bare?.action,
    bare?.trace,
    bare?.event.actor,
    bare?.event.resources,
  ]);
});

test("whoever signs by Standard Webhooks speaks for nobody whom another source or a person's mail address names", () => {
  const personOf = personLookup([
    { email: "ana@acme.example", name: "Ana Lima", identities: ["github:analima", "ana@acme.example"] },
  ]);
  for (const name of ["deploy-started", "claims-another-source"]) {
    const { event, granted } = normalisedWebhook("standard", name);
    expect(principalOf(event)).toMatch(/^standard:/);
    expect(event.resources?.every(({ uid }) => uid?.startsWith("standard:"))).toBe(true);
    expect(personOf(principalOf(event), granted)).toBeUndefined();
  }
});

test("a Standard Webhook is known by its id, however often and whenever it is sent", () => {
  const { event } = normalisedWebhook("standard", "deploy-started");
  expect(event.metadata.uid).toBe("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W");
});

test("an action or a status that is none of ours is passed over, whatever it is called", () => {
  for (const claim of ["constructor", "__proto__", "deploy", "DEPLOY.START", " deploy.start", ""]) {
    const body = { type: "a.b", data: { action: claim, status: claim } };
    const { action, event } = normalise(parseMessage(webhookOf("standard", body)));
    expect([action, event.status]).toEqual(["other", "Success"]);
  }
});
