/** An access review on the running stack: opened, shown, decided, rebuilt from the log, and asked about at the gate. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { openedEvents } from "../../lib/core/review/campaign-events.ts";
import { periodsAt } from "../../lib/core/review/review-period.ts";
import { gatebook, linesOf, ROOT } from "../commands/gatebook.ts";
import { organisation } from "../core/gate/release.ts";
import { post } from "./gate-callers.ts";
import { synthesiseGate } from "./gate-stack.ts";
import { invoke } from "./invoke.ts";
import { readRecords, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, PATIENCE, type RunningCloud, remove, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

const ANA = "arn:aws:iam::111122223333:user/ana";
const BO = "arn:aws:iam::111122223333:user/bo";
const DAY_MS = 24 * 60 * 60 * 1000;
/** A dozen commands, each a process of its own. */
const PATIENT_MS = 240_000;

/** Of two people, so that the list of their roles is short. */
const withCertifiers = (yml: string): string =>
  yml
    .replace("  shop:\n    repositories", "  shop:\n    certifiers: [ana@acme.example]\n    repositories")
    .replace(", remy@acme.example]", "]");

let folder: string;
let running: RunningCloud;
beforeAll(async () => {
  folder = await emptyFolder();
  running = await run(
    join(folder, ".gatebook"),
    synthesiseGate(folder, "gate: { releaseWindow: always }", withCertifiers),
  );
}, PATIENT_MS);
afterAll(async () => {
  await running?.close();
  await remove(folder);
});

async function waitForRecord(type: string, count = 1): Promise<void> {
  await vi.waitFor(async () => {
    const told = (await readRecords(running)).filter(({ event }) => event.metadata.event_code === type);
    expect(told).toHaveLength(count);
  }, PATIENCE);
  await waitUntilIdle(running);
}

/** Takes out of the index what is known of reviews. */
async function forgetReviews(): Promise<number> {
  const TableName = outputOf(running, "IndexTable");
  const { Items = [] } = await running.clients.dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  const known = Items.filter(({ trace }) => trace?.S?.startsWith("review:"));
  for (const { principal, eventKey } of known) {
    const Key = { principal: principal ?? { S: "" }, eventKey: eventKey ?? { S: "" } };
    await running.clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
  }
  return known.length;
}

/** As if the daily look had opened the period's review some days ago. */
async function openEarlier(daysAgo: number): Promise<void> {
  const configuration = organisation();
  const now = Date.now();
  const campaign = { period: periodsAt(configuration, now).current, project: "shop" };
  const items = [{ project: "shop", role: "release-manager", person: "bo@acme.example" }];
  const { sqs: client, s3 } = running.clients;
  const messages = s3MessageStore({ client: s3, bucket: outputOf(running, "MessageBucket") });
  const intake = sqsIntakeQueue({ client, queueUrl: outputOf(running, "IntakeQueueUrl"), messages });
  await intake.send(openedEvents(campaign, items, { time: now - daysAgo * DAY_MS }));
}

const review = (...args: string[]) => gatebook(["review", ...args], folder);
const decide = (...args: string[]) => review("decide", ...args, "--reason", "looked at it");
const statesIn = (stdout: string) =>
  linesOf(stdout).map(({ person, role, state }) => `${String(person).slice(0, 3)} ${role} ${state}`);

test(
  "a review is opened once, decided by whoever may, and known again from the log alone",
  async () => {
    await tellStory(running);
    const ran = await review("run", "--as", ANA, "--json");
    expect([ran.code, statesIn(ran.stdout)]).toEqual([
      0,
      [
        "ana developer nobody",
        "bo@ developer open",
        "bo@ reviewer open",
        "ana release-manager nobody",
        "bo@ release-manager open",
      ],
    ]);
    await waitForRecord("review.opened");
    await invoke(running, "campaign");

    const own = await decide("bo@acme.example", "reviewer", "shop", "--keep", "--as", BO);
    expect([own.code, own.stderr]).toEqual([2, expect.stringContaining("somebody else has to certify")]);
    const removed = await decide("bo@acme.example", "release-manager", "shop", "--remove", "--as", ANA);
    expect(removed).toMatchObject({ code: 0, stdout: "to be removed: bo@acme.example as release-manager of shop\n" });
    await waitForRecord("review.declined");
    const kept = await decide("--all-of", "shop", "--keep", "--yes", "--as", ANA, "--json");
    expect(linesOf(kept.stdout)).toMatchObject([{ role: "developer" }, { role: "reviewer", verdict: "keep" }]);
    await waitForRecord("review.certified", 2);
    await waitForRecord("review.opened");

    expect(await forgetReviews()).toBe(4);
    expect((await gatebook(["index", "rebuild"], folder)).code).toBe(0);
    expect(statesIn((await review("show", "--json")).stdout)).toEqual([
      "ana developer nobody",
      "bo@ developer certified",
      "bo@ reviewer certified",
      "ana release-manager nobody",
      "bo@ release-manager to-remove",
    ]);
  },
  PATIENT_MS,
);

test(
  "what should be gone and is not stops a release, is mailed, and is printed as a patch",
  async () => {
    writeFileSync(join(folder, "gatebook.yml"), withCertifiers(readFileSync(join(ROOT, "gatebook.yml"), "utf8")));
    const patch = (await review("show", "--patch")).stdout;
    expect(patch).toMatch(/^-.*release-manager: \[ana@acme\.example, bo@acme\.example\]$/m);
    expect(patch).toMatch(/^\+.*release-manager: \[ana@acme\.example\]$/m);

    const [trace] = readStory().flatMap((event) => /"execution-id":"([^"]+)"/.exec(JSON.stringify(event))?.[1] ?? []);
    const asked = { project: "shop", environment: "production", trace };
    expect(await post(running, asked)).toMatchObject([200, { outcome: "pass" }]);
    await openEarlier(20);
    await waitForRecord("review.opened", 2);
    const message = expect.stringMatching(/Bo Chen .*should no longer be release-manager of shop/);
    expect(await post(running, asked)).toMatchObject([409, { outcome: "block", message }]);
    await invoke(running, "campaign");
    await vi.waitFor(
      () =>
        expect(running.mails.map(({ subject }) => subject)).toContainEqual(
          expect.stringContaining("Access review overdue"),
        ),
      PATIENCE,
    );
    expect(running.faults).toEqual([]);
  },
  PATIENT_MS,
);
