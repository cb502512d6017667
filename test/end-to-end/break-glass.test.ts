/** `gatebook break-glass` on the running stack: emergency access is listed, explained by a person, and open no longer. */
import { randomUUID } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { UNEXPLAINED_RULE } from "../../lib/core/break-glass/overdue-event.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import type { Settings } from "../../lib/core/settings.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { gatebook, linesOf, temporaryFolder } from "../commands/gatebook.ts";
import { synthesisedAnew } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { PATIENCE, type RunningCloud, run } from "./running-cloud.ts";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/break-glass`;
const BO = `arn:aws:iam::${ACCOUNT}:user/bo`;
const HOUR_MS = 60 * 60 * 1000;
/** A dozen commands, each a process of its own. */
const PATIENT_MS = 400_000;

/** The repository's own gatebook.yml, with a role for emergencies. */
async function assemblyWithBreakGlass(folder: string): Promise<string> {
  const copy = await synthesisedAnew(folder, () => {});
  for await (const file of glob(join(copy, "asset.*", "settings.json"))) {
    const { configuration, ...settings } = JSON.parse(await readFile(file, "utf8")) as Settings;
    await writeFile(file, JSON.stringify({ ...settings, configuration: { ...configuration, breakGlass: [ROLE] } }));
  }
  return copy;
}

/** The emergency role changes a build project. */
async function uses(running: RunningCloud, name: string, at: number): Promise<{ session: string; event: string }> {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/break-glass/${name}`;
  const event = randomUUID();
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const sessionIssuer = { type: "Role", arn: ROLE, accountId: ACCOUNT, userName: "break-glass" };
  const detail = {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLEGLASS00001:${name}`,
      arn: session,
      accountId: ACCOUNT,
      accessKeyId: "ASIAEXAMPLEGLASS0001",
      sessionContext: { sessionIssuer, attributes: { creationDate: time, mfaAuthenticated: "false" } },
    },
    eventTime: time,
    eventSource: "codepipeline.amazonaws.com",
    eventName: "StopPipelineExecution",
    awsRegion: "eu-west-1",
    sourceIPAddress: "198.51.100.17",
    requestParameters: { pipelineName: "shop-release", pipelineExecutionId: randomUUID(), abandon: false },
    eventID: event,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
  };
  const envelope = { version: "0", id: randomUUID(), "detail-type": "AWS API Call via CloudTrail" };
  const place = { source: "aws.codepipeline", account: ACCOUNT, region: "eu-west-1", resources: [], time };
  await putRecordedEvents(running.cloud.url, [{ ...envelope, ...place, detail }]);
  return { session, event };
}

test(
  "emergency access is open until a person explains it, and is told of when nobody does",
  async () => {
    const folder = await temporaryFolder();
    const running = await run(join(folder, ".gatebook"), await assemblyWithBreakGlass(folder));
    onTestFinished(() => running.close());
    const breakGlass = (...args: string[]) => gatebook(["break-glass", ...args], folder);
    const listed = async (...args: string[]) => linesOf((await breakGlass("list", "--json", ...args)).stdout);

    expect((await breakGlass("list")).stdout).toContain("nothing is to be explained");
    const { session, event } = await uses(running, "bo", Date.now() - 60_000);
    const forgotten = await uses(running, "forgotten", Date.now() - 30 * HOUR_MS);
    await vi.waitFor(async () => expect(await listed()).toHaveLength(2), PATIENCE);
    expect(await listed()).toMatchObject([
      { session: forgotten.session, state: "overdue", accesses: 1 },
      { session, state: "open", accesses: 1, first: { operation: "StopPipelineExecution" } },
    ]);

    const reason = "INC-42: the pipeline hung, and the token 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 was leaked";
    const nobody = await breakGlass("explain", event, "--reason", reason);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining(":root is nobody of gatebook.yml")]);
    const unknown = await breakGlass("explain", "no-such-event", "--reason", reason, "--as", BO);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("Nothing is recorded of")]);
    const empty = await breakGlass("explain", event, "--reason", " ", "--as", BO);
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining("reason: is empty")]);
    const explained = await breakGlass("explain", event, "--reason", reason, "--ticket", "OPS-17", "--as", BO);
    expect([explained.code, explained.stderr]).toEqual([0, ""]);
    expect(explained.stdout).toContain(`${session}  explained`);
    await vi.waitFor(async () => expect(await listed()).toHaveLength(1), PATIENCE);
    const [, known] = await listed("--all");
    expect(known).toMatchObject({
      session,
      state: "explained",
      explained: {
        by: "bo@acme.example",
        usedIt: "unknown",
        ticket: "OPS-17",
        reason: expect.stringMatching(/INC-42.*\[redacted:/),
      },
    });
    const again = await breakGlass("explain", session, "--reason", "once more", "--as", BO);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("explained already")]);

    await invoke(running, "overdue-break-glass");
    await invoke(running, "overdue-break-glass");
    await vi.waitFor(() => {
      const about = running.mails.filter(({ body }) => body.includes(UNEXPLAINED_RULE.title));
      expect(about.map(({ body }) => body)).toEqual([
        expect.stringContaining(`break-glass explain ${forgotten.session}`),
      ]);
    }, PATIENCE);
    const found = await gatebook(["search", "--trace", `break-glass:${session}`, "--json"], folder);
    const codes = linesOf(found.stdout).map(({ record }) => (record as AuditRecord).event.metadata.event_code);
    expect(codes).toEqual(["break-glass.explained"]);
    expect(running.faults).toEqual([]);
  },
  PATIENT_MS,
);
