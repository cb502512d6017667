/** The gate on the local cloud: a pipeline, GitHub and any tool are answered, and what it decided is in the evidence. */
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { ListTablesCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { dynamoDbGrantStore } from "../../lib/adapters/dynamodb-grant-store.ts";
import { grantId } from "../../lib/core/grants/grant.ts";
import { LOCAL_OWNER } from "../../lib/local/aws-service.ts";
import { post, runJob } from "./gate-callers.ts";
import { synthesiseGate } from "./gate-stack.ts";
import { type LocalGitHub, startGitHub } from "./local-github.ts";
import { readRecords, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, PATIENCE, type RunningCloud, remove, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

const STORY = readStory();
const [RELEASE, SELF_APPROVED] = executionsOfStory();
const APP = "4711";
const INSTALLATION = 77;
const SHA = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const PAYROLL = "  payroll: { environments: { production: {} }, roles: { release-manager: [ana@acme.example] } }\n";
const WORKFLOW_RUN = { id: 9001, head_sha: SHA };

let folder: string;
let gitHub: LocalGitHub;
let running: RunningCloud;
beforeAll(async () => {
  folder = await emptyFolder();
  gitHub = await startGitHub(APP, INSTALLATION);
  const gate = `gate: { releaseWindow: always, github: { appId: "${APP}", apiUrl: "${gitHub.apiUrl}" } }`;
  // Here the account's owner is Bo, the release manager, and nothing in payroll.
  const assembly = synthesiseGate(folder, gate, (text) =>
    text
      .replace('identities: ["github:bochen", ', `identities: ["github:bochen", "${LOCAL_OWNER}", `)
      .replace(/^projects:\n/m, `projects:\n${PAYROLL}`),
  );
  running = await run(join(folder, ".gatebook"), assembly);
  const SecretId = outputOf(running, "GateGitHubKeyArn");
  await running.clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: gitHub.privateKey }));
  await tellStory(running);
  await waitUntilIdle(running);
});
afterAll(async () => {
  await running?.close();
  await gitHub?.close();
  await remove(folder);
});

/** Of the story's two pipeline executions: the good one, and the one that its starter approved. */
function executionsOfStory(): string[] {
  const ids = STORY.flatMap((event) => /"execution-id":\s*"([^"]+)"/.exec(JSON.stringify(event))?.[1] ?? []);
  return [...new Set(ids)];
}

const TO_PRODUCTION = { project: "shop", environment: "production" };
const TO_PAYROLL = { project: "payroll", environment: "production" };
const MINUTE_MS = 60_000;

describe("a job of CodePipeline", () => {
  test("is a success for a release that one person started and another approved", async () => {
    expect(await runJob(running, RELEASE, TO_PRODUCTION)).toMatchObject([
      { outcome: "success", message: expect.stringMatching(/^Gatebook: yes, .* may go to shop\/production now/) },
    ]);
  });

  test("is a failure with every reason for one that its starter approved", async () => {
    expect(await runJob(running, SELF_APPROVED, TO_PRODUCTION)).toMatchObject([
      { outcome: "failure", message: expect.stringMatching(/Ana Lima <ana@acme\.example> started and approved it/) },
    ]);
  });

  test("of an execution that nobody has told of is asked about again later", async () => {
    expect(await runJob(running, randomUUID(), TO_PRODUCTION)).toMatchObject([
      { outcome: "continued", continuationToken: expect.stringMatching(/^\d+$/) },
    ]);
  });

  test("without a place is a failure that says how to write it", async () => {
    expect(await runJob(running, RELEASE, {})).toMatchObject([
      { outcome: "failure", message: expect.stringContaining('{"project":"shop","environment":"production"}') },
    ]);
  });
});

describe("any tool", () => {
  test("is told yes and no, and nobody is whom IAM does not know", async () => {
    expect(await post(running, { ...TO_PRODUCTION, trace: RELEASE })).toMatchObject([200, { outcome: "pass" }]);
    expect(await post(running, { ...TO_PRODUCTION, trace: SELF_APPROVED })).toMatchObject([409, { outcome: "block" }]);
    expect((await post(running, { ...TO_PRODUCTION, trace: RELEASE }, "NOBODY"))[0]).toBe(403);
  });
});

test("an override lets the stage pass when it is tried again, is in the evidence, and is mailed", async () => {
  const override = { reason: "Payments are down" };
  const [status, answer] = await post(running, { ...TO_PRODUCTION, trace: SELF_APPROVED, override });
  expect([status, answer.outcome]).toEqual([200, "pass"]);
  await vi.waitFor(
    () =>
      expect(running.mails.map(({ subject }) => subject)).toContainEqual(
        expect.stringContaining("Gate at the release overridden: Bo Chen"),
      ),
    PATIENCE,
  );
  await waitUntilIdle(running);
  const overridden = (await readRecords(running)).find(({ event }) => event.metadata.event_code === "gate.overridden");
  expect(overridden).toMatchObject({
    action: "pipeline.bypass",
    person: "bo@acme.example",
    trace: SELF_APPROVED,
    event: { unmapped: { gate: { override: { by: "bo@acme.example", reason: "Payments are down" } } } },
  });
  expect(await runJob(running, SELF_APPROVED, TO_PRODUCTION)).toMatchObject([
    { outcome: "success", message: expect.stringMatching(/since bo@acme\.example overrode the gate/) },
  ]);
});

test("an override by whoever holds a grant counts while it lasts, and the grant is named", async () => {
  const asked = { ...TO_PAYROLL, trace: SELF_APPROVED, override: { reason: "Wages are due" } };
  expect((await post(running, asked))[0]).toBe(403);
  const { TableNames = [] } = await running.clients.dynamodb.send(new ListTablesCommand());
  const tableName = TableNames.find((name) => name.includes("GrantTable")) ?? "";
  const now = Date.now();
  const id = grantId(now - MINUTE_MS, "00c0ffee");
  const said = { principal: LOCAL_OWNER, time: now - MINUTE_MS };
  const given = {
    ...{ id, version: 1, person: "bo@acme.example", role: "release-manager", place: TO_PAYROLL, minutes: 30 },
    requested: { ...said, person: "bo@acme.example", reason: "Ana is away" },
    approved: { ...said, person: "ana@acme.example" },
  };
  await dynamoDbGrantStore({ client: running.clients.dynamodb, tableName }).replace(given);
  // A reading of the table is good for a second.
  await vi.waitFor(async () => {
    const [status, { message }] = await post(running, asked);
    expect([status, message]).toEqual([200, expect.stringContaining(`as release-manager by ${id}: Wages are due`)]);
  }, PATIENCE);
});

test("what somebody wrote into the index against the log stops a release, and the message says what", async () => {
  const { dynamodb } = running.clients;
  const TableName = outputOf(running, "IndexTable");
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  const approval = Items.find(({ a, p, trace }) => a?.S === "pipeline.approve" && p && trace?.S === RELEASE);
  const { principal, eventKey } = approval ?? {};
  const write = (person: string | undefined) =>
    dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { principal: principal ?? { S: "" }, eventKey: eventKey ?? { S: "" } },
        UpdateExpression: "SET p = :person",
        ExpressionAttributeValues: { ":person": { S: person ?? "" } },
      }),
    );
  await write("cy@acme.example");
  const forged = await post(running, { ...TO_PRODUCTION, trace: RELEASE });
  await write(approval?.["p"]?.S);
  expect(forged).toMatchObject([
    409,
    {
      message: expect.stringMatching(
        /- entry #\d+ of the evidence log is not as it was recorded: its person is \S+ in the log and cy@acme\.example in the index/,
      ),
    },
  ]);
  expect(await post(running, { ...TO_PRODUCTION, trace: RELEASE })).toMatchObject([200, { outcome: "pass" }]);
});

describe("a deployment that waits in GitHub", () => {
  async function deliver(event: string, payload: object): Promise<void> {
    const SecretId = outputOf(running, "githubWebhookSecretArn");
    const { SecretString = "" } = await running.clients.secrets.send(new GetSecretValueCommand({ SecretId }));
    const body = JSON.stringify({ repository: { full_name: "acme/shop" }, ...payload });
    const digest = createHmac("sha256", SecretString).update(body).digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${digest}`,
    };
    const answer = await fetch(`${outputOf(running, "ApiUrl")}v1/webhooks/github`, { method: "POST", headers, body });
    expect(answer.status).toBe(202);
  }
  const path = `/repos/acme/shop/actions/runs/${WORKFLOW_RUN.id}/deployment_protection_rule`;
  const waits = (callbackUrl: string) => ({
    action: "requested",
    environment: "production",
    deployment_callback_url: callbackUrl,
    deployment: { sha: SHA },
    installation: { id: INSTALLATION },
    sender: { login: "analima" },
  });

  test("is answered at its callback URL, as the app, once its story is known", async () => {
    const before = (await readRecords(running)).length;
    const sender = { login: "analima" };
    await deliver("push", { ref: "refs/heads/main", after: SHA, sender });
    await deliver("workflow_run", { action: "requested", sender, workflow_run: WORKFLOW_RUN });
    const approver = { login: "bochen" };
    await deliver("deployment_review", { action: "approved", sender: approver, approver, workflow_run: WORKFLOW_RUN });
    await vi.waitFor(
      async () => expect((await readRecords(running)).length).toBeGreaterThanOrEqual(before + 3),
      PATIENCE,
    );
    await waitUntilIdle(running);
    await deliver("deployment_protection_rule", waits(`${gitHub.apiUrl}${path}`));
    await vi.waitFor(() => expect(gitHub.answers).toHaveLength(1), PATIENCE);
    expect(gitHub.answers[0]).toEqual({
      path,
      body: {
        state: "approved",
        environment_name: "production",
        comment: expect.stringMatching(/^Gatebook: yes, github:acme\/shop\/actions\/runs\/9001 may go/),
      },
    });
  });

  test("is answered nowhere else, whatever address it names", async () => {
    await deliver("deployment_protection_rule", waits(`${gitHub.apiUrl}/elsewhere${path}`));
    await vi.waitFor(() => expect(running.lines.join("\n")).toContain("nothing was sent there"), PATIENCE);
    expect(gitHub.answers).toHaveLength(1);
  });
});

test("each decision is in the evidence, under the delivery that it is about", async () => {
  await waitUntilIdle(running);
  const told = (await readRecords(running)).filter(({ event }) => event.metadata.event_code.startsWith("gate."));
  const codes = new Set(told.map(({ event, trace }) => `${event.metadata.event_code} ${trace}`));
  for (const expected of [
    `gate.passed ${RELEASE}`,
    `gate.blocked ${SELF_APPROVED}`,
    `gate.overridden ${SELF_APPROVED}`,
    `gate.passed github:acme/shop/actions/runs/${WORKFLOW_RUN.id}`,
  ])
    expect(codes).toContain(expected);
  expect(running.faults).toEqual([]);
});
