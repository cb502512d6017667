/** What docs/operations.md tells people to enter at a sender is what the sources take. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { webhookSources } from "../../../lib/core/sources/webhooks/webhook-sources.ts";
import { webhookOf } from "./webhook-fixtures.ts";

const RUNBOOK = readFileSync(path.resolve(import.meta.dirname, "../../../docs/operations.md"), "utf8");

/** The first block of a section. */
function example(heading: string, language: string): string {
  const section = RUNBOOK.slice(RUNBOOK.indexOf(`### ${heading}\n`));
  const [, block = ""] = section.split(`\`\`\`${language}\n`);
  return block.slice(0, block.indexOf("```"));
}

async function outcomeOf(source: "argocd" | "jenkins", authorization: string, secret: string) {
  const request = { headers: { authorization }, body: Buffer.from("{}"), receivedAt: 0 };
  return (await webhookSources[source].verify(request, secret)).outcome;
}

test("every source has a line in the table of senders", () => {
  for (const source of Object.keys(webhookSources)) expect(RUNBOOK).toContain(`\n| \`${source}\` | `);
});

test("the example of Standard Webhooks' body tells who deployed what", () => {
  const body = JSON.parse(example("Connect a tool of your own", "json"));
  const { action, event } = normalise(parseMessage(webhookOf("standard", body)));
  expect([action, event.status, event.actor?.user?.uid, event.resources?.[0]?.uid]).toEqual([
    "deploy.start",
    "Running",
    "standard:ana@acme.example",
    "standard:acme/shop/production",
  ]);
});

test("Argo CD is told to send the header that is checked, and every field that is read", async () => {
  const map = parse(example("Connect Argo CD", "yaml"));
  const service = parse(map["service.webhook.gatebook"]);
  const [{ value }] = service.headers.filter(({ name }: { name: string }) => name === "Authorization");
  expect(await outcomeOf("argocd", value.replace("$gatebook-secret", "s3cret"), "s3cret")).toBe("authentic");
  const { method, body } = parse(map["template.gatebook"]).webhook.gatebook;
  expect(method).toBe("POST");
  for (const field of [
    ...["name", "namespace", "project", "history", "phase", "startedAt", "finishedAt"],
    ...["syncResult", "initiatedBy", "revision", "revisions", "dryRun"],
  ]) {
    expect(body).toContain(`"${field}"`);
  }
  const phases = parse(map["trigger.gatebook"]).map(({ when }: { when: string }) => when.match(/'\w+'/g));
  expect(phases.flat()).toEqual(["'Running'", "'Succeeded'", "'Failed'", "'Error'", "'Terminating'"]);
});

test("Jenkins is given a URL whose user and password are what is checked", async () => {
  const [, user, password] = /`https:\/\/(\w+):(<secret>)@[^`]+\/v1\/webhooks\/jenkins`/.exec(RUNBOOK) ?? [];
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  expect(await outcomeOf("jenkins", authorization, "<secret>")).toBe("authentic");
});
