/** The daily review of credentials, from IAM's report to the mail and the log. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import { REPORT_COLUMNS, REPORT_FILE } from "../../lib/local/services/iam/credential-report.ts";
import { functionName } from "./assembly.ts";
import { readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

const TODAY = daysAgo(0);

/** A user with MFA, a password and no key, but for what is said otherwise. */
function rowOf(user: string, other: Readonly<Record<string, string>> = {}): string {
  const row: Readonly<Record<string, string>> = {
    user,
    arn: user === "<root_account>" ? "arn:aws:iam::000000000000:root" : `arn:aws:iam::111122223333:user/${user}`,
    user_creation_time: daysAgo(400),
    password_enabled: "true",
    mfa_active: "true",
    ...other,
  };
  return REPORT_COLUMNS.map((column) => row[column] ?? (column.endsWith("_active") ? "false" : "N/A")).join(",");
}

const REPORT = [
  REPORT_COLUMNS.join(","),
  rowOf("<root_account>", { password_enabled: "not_supported" }),
  rowOf("ana", { access_key_1_active: "true", access_key_1_last_rotated: daysAgo(200.5) }),
  rowOf("bo", { mfa_active: "false" }),
  rowOf("cleo", { access_key_1_active: "true", access_key_1_last_rotated: daysAgo(30) }),
  rowOf("robot", { password_enabled: "false", mfa_active: "false" }),
].join("\n");

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
  await mkdir(join(running.directory, "iam"), { recursive: true });
  await writeFile(join(running.directory, "iam", REPORT_FILE), REPORT);
});
afterAll(() => running.close());

/** As the schedule does. */
async function review(id: string, time: string): Promise<void> {
  const lambda = new LambdaClient(settingsFor(running.cloud.url, LOCAL_OWNER_KEY));
  const Payload = Buffer.from(JSON.stringify({ id, time, "detail-type": "Scheduled Event", source: "aws.events" }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: await functionName("review"), Payload }));
  lambda.destroy();
  expect([answer.StatusCode, answer.FunctionError]).toEqual([200, undefined]);
}

test("a user without MFA and a key that is too old are mailed, and nobody else", async () => {
  await review("first", TODAY);
  await vi.waitFor(() => expect(running.mails).toHaveLength(2), PATIENCE);
  expect(running.mails.map(({ subject }) => subject).sort()).toEqual([
    "[Gatebook medium] Access key is too old: Ana Lima on ana",
    "[Gatebook medium] User signs in without MFA: Bo Chen on bo",
  ]);
  const key = running.mails.find(({ subject }) => subject.includes("key"));
  expect(key?.body).toMatch(/^Who: {3}Ana Lima <ana@acme\.example>, as arn:aws:iam::111122223333:user\/ana$/m);
  expect(key?.body).toMatch(/^Wrong: Access key 1 of this user is 200 days old; review\.keyMaxAgeDays allows 90\./m);
  expect(key?.body).toMatch(/^What to do next:\n {2}1\. /m);
});

test("the review and each of its findings are in the log", async () => {
  const indexed = await waitForEvents(running, 3);
  expect(new Set(indexed.map(({ principal }) => principal))).toEqual(new Set(["gatebook:review"]));
  const records = await readRecords(running);
  expect(records.map(({ event }) => event.metadata.event_code).sort()).toEqual([
    "review.completed",
    "review.finding",
    "review.finding",
  ]);
  const completed = records.find(({ event }) => event.metadata.event_code === "review.completed");
  expect(completed?.event.message).toBe("Reviewed the credentials of 5 users: 2 findings");
});

test("another review in the same month is recorded and mails nothing again", async () => {
  await review("second", TODAY);
  await waitForEvents(running, 6);
  await waitUntilIdle(running);
  await vi.waitFor(() => {
    const outcomes = running.lines.join("\n").match(/"outcome":"already-mailed"/g) ?? [];
    expect(outcomes).toHaveLength(2);
  }, PATIENCE);
  expect(running.mails).toHaveLength(2);
});

test("the same run delivered again is recorded once", async () => {
  const before = running.lines.length;
  await review("second", TODAY);
  const counts = await vi.waitFor(
    () =>
      z
        .array(z.string())
        .length(1)
        .parse(running.lines.slice(before).filter((line) => line.includes('"recorded":'))),
    PATIENCE,
  );
  expect(JSON.parse(counts[0] ?? "")).toMatchObject({ recorded: 0, duplicates: 3 });
});
