/** The stack with a home in gatebook.yml runs locally, and what arrives on its bus for forwarded events is recorded. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { readIndex, readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, type RunningCloud, remove, runInEmptyFolder } from "./running-cloud.ts";

const ROOT = join(import.meta.dirname, "../..");
const FIXTURE = join(ROOT, "test/events/cloudtrail/create-access-key.json");
const Fixture = z.looseObject({ eventID: z.string(), eventSource: z.literal("iam.amazonaws.com") });
const CONFIGURATION = `
organisation: acme
alerts: { email: [security@acme.example] }
sources: { home: { account: "${LOCAL_ACCOUNT}", region: ${LOCAL_REGION} }, organisationId: o-abcdefghij }
`;

let folder: string;
let running: RunningCloud;
beforeAll(async () => {
  folder = await emptyFolder();
  cpSync(join(ROOT, "rules"), join(folder, "rules"), { recursive: true });
  writeFileSync(join(folder, "gatebook.yml"), CONFIGURATION);
  const assembly = join(folder, "cdk.out");
  const options = { cwd: folder, env: { ...process.env, CDK_OUTDIR: assembly }, encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "bin/app.ts")], options);
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  running = await runInEmptyFolder(assembly);
});
afterAll(async () => {
  await running?.close();
  await remove(folder);
});

test("the forwarders are synthesised beside it, and stay out of the local cloud", () => {
  const templates = readdirSync(join(folder, "cdk.out")).filter((file) => file.endsWith(".template.json"));
  expect(templates.sort()).toEqual([
    "Gatebook-Forwarder.template.json",
    "Gatebook-Member.template.json",
    "Gatebook.template.json",
  ]);
  expect(Object.keys(running.cloud.outputs)).not.toContain("UndeliveredQueueUrl");
});

test("a call that is forwarded, and comes by the default bus too, is one entry", async () => {
  const fixture = Fixture.parse(JSON.parse(readFileSync(FIXTURE, "utf8")));
  const EventBusName = outputOf(running, "ForwardedBusArn");
  const entry = {
    Source: "aws.iam",
    DetailType: "AWS API Call via CloudTrail",
    Detail: JSON.stringify(fixture),
  };
  const { FailedEntryCount } = await running.clients.events.send(
    new PutEventsCommand({ Entries: [{ ...entry, EventBusName }, entry] }),
  );
  expect(FailedEntryCount).toBe(0);
  const [indexed] = await waitForEvents(running, 1);
  expect([indexed?.event, indexed?.action]).toEqual([fixture.eventID, "credential.create"]);
  expect(await readRecords(running)).toHaveLength(1);
  expect(running.faults).toEqual([]);
});

test("what no service of AWS says is not taken from there", async () => {
  const EventBusName = outputOf(running, "ForwardedBusArn");
  const theirs = {
    Source: "acme.shop",
    DetailType: "AWS API Call via CloudTrail",
    Detail: '{"eventName":"CreateUser"}',
  };
  await running.clients.events.send(new PutEventsCommand({ Entries: [{ ...theirs, EventBusName }] }));
  // By then it would be in the queue.
  await waitUntilIdle(running);
  expect(await readIndex(running)).toHaveLength(1);
});
