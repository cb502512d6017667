/** Webhooks over HTTP: the signed ones are recorded without the secrets in them, the others never reach the queue. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { MAX_BODY_BYTES } from "../../lib/core/receive/receive-webhook.ts";
import { mixed, privateKey } from "../core/record/redact-planted.ts";
import { lengthOf, readEntries, readHead, readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { outputOf, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";

const PUSH = join(import.meta.dirname, "..", "events", "github", "push.json");
const Sample = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.looseObject({ commits: z.array(z.looseObject({ message: z.string() })) }),
});

let running: RunningCloud;
let secret: string;
beforeAll(async () => {
  running = await runInEmptyFolder();
  const SecretId = outputOf(running, "githubWebhookSecretArn");
  secret = (await running.clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "";
});
afterAll(() => running.close());

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The recorded push as GitHub sends it, under the id of another delivery and with another commit message if wanted. */
function push(change: { readonly delivery?: string; readonly message?: string } = {}): Delivery {
  const { headers, body } = Sample.parse(JSON.parse(readFileSync(PUSH, "utf8")));
  const commits = body.commits.map((commit) => ({ ...commit, message: change.message ?? commit.message }));
  return {
    headers: { ...headers, ...(change.delivery && { "x-github-delivery": change.delivery }) },
    body: JSON.stringify({ ...body, commits }),
  };
}

function signed({ headers, body }: Delivery, key = secret): Delivery {
  const digest = createHmac("sha256", key).update(body).digest("hex");
  return { body, headers: { ...headers, "x-hub-signature-256": `sha256=${digest}` } };
}

function post({ headers, body }: Delivery, source = "github"): Promise<Response> {
  return fetch(`${outputOf(running, "ApiUrl")}v1/webhooks/${source}`, { method: "POST", headers, body });
}

describe("a webhook that is not GitHub's own", () => {
  test("is refused with a problem that says why, and never reaches the queue", async () => {
    const refusals: readonly (readonly [status: number, delivery: Delivery, source?: string])[] = [
      [401, signed(push(), "not the secret")],
      [401, { ...signed(push()), body: `${push().body} ` }],
      [401, { ...push(), headers: { ...push().headers, "x-hub-signature-256": "sha256=" } }],
      [401, push()],
      [413, signed({ ...push(), body: JSON.stringify("x".repeat(MAX_BODY_BYTES)) })],
      [400, signed({ ...push(), body: "payload=%7B%7D" })],
      [400, signed({ ...push(), body: "[]" })],
      [404, signed(push()), "gitlab"],
      [404, signed(push()), "constructor"],
    ];
    for (const [status, delivery, source] of refusals) {
      const answer = await post(delivery, source);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
      expect(await answer.json()).toEqual({
        type: "about:blank",
        title: expect.stringMatching(/^\w/),
        status,
        detail: expect.stringMatching(/\.$/),
      });
    }
    expect(running.calls.filter(({ operation }) => operation.startsWith("SendMessage"))).toEqual([]);
    for (const queue of ["IntakeQueueUrl", "RejectedQueueUrl"]) {
      expect(await lengthOf(running, outputOf(running, queue))).toBe(0);
    }
    expect(await readHead(running)).toBeUndefined();
  });

  test("is not found below another path or by another method", async () => {
    const url = outputOf(running, "ApiUrl");
    expect((await fetch(`${url}v1/webhooks/github`)).status).toBe(404);
    expect((await fetch(`${url}v1/webhooks/github/more`, { method: "POST", body: "{}" })).status).toBe(404);
  });
});

describe("a signed webhook", () => {
  test("is accepted, and recorded once however often it is delivered", async () => {
    for (const _ of ["at first", "again", "by hand"]) {
      const answer = await post(signed(push()));
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ id: expect.stringMatching(/./) });
    }
    const [indexed] = await waitForEvents(running, 1);
    await waitUntilIdle(running);
    expect(await readHead(running)).toMatchObject({ size: 1 });
    expect(indexed).toMatchObject({ action: "source.push", person: "ana@acme.example" });
    const [record] = await readRecords(running);
    expect(record).toMatchObject({
      action: "source.push",
      person: "ana@acme.example",
      event: { type_uid: expect.anything() },
    });
  });

  test("leaves no secret of its commit messages in the evidence", async () => {
    const planted = [`ghp_${mixed(36)}`, mixed(40), privateKey("RSA PRIVATE KEY")];
    const message = `Roll the keys\n\nold token ${planted[0]}, aws_secret_access_key = ${planted[1]}\n${planted[2]}\npassword=hunter2hunter2`;
    expect((await post(signed(push({ delivery: "6d1c8bf0-1111-4a2b-9c3d-000000000001", message })))).status).toBe(202);
    await waitForEvents(running, 2);
    const entry = (await readEntries(running))[1] ?? "";
    expect(entry).toContain("Roll the keys");
    expect(entry).toMatch(/\[redacted:github-token:[0-9a-f]{12}\]/);
    expect(entry).toContain('"title":"Secret in a commit"');
    for (const piece of [...planted, "hunter2hunter2"]) expect(entry).not.toContain(piece);
    expect(entry).not.toContain(secret);
    expect(running.lines.join("\n")).not.toContain(planted[0]);
  });
});
