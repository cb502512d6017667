/** From an event on the bus to locked evidence and a mail: the story of a release, an approval by its starter, and a night. */
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectRetentionCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isPartialPath, partialPaths } from "../../lib/core/evidence/tile-path.ts";
import { invoke } from "./invoke.ts";
import {
  lengthOf,
  listEvidence,
  readEntries,
  readHead,
  readIndex,
  readRecords,
  waitForEvents,
  waitUntilIdle,
} from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { idOf, nightEvent, readStory, type StoryEvent, tellStory } from "./story.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A day less than seven years, for the time that the test takes. */
const LOCKED_DAYS = 2_554;
const ANA = "arn:aws:iam::111122223333:user/ana";

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
});
afterAll(() => running.close());

/** As AWS's own service would put it; the envelope gets an id and an account of its own. */
async function put(...events: readonly StoryEvent[]): Promise<void> {
  const { FailedEntryCount } = await running.clients.events.send(
    new PutEventsCommand({
      Entries: events.map(({ source, "detail-type": DetailType, detail, time }) => ({
        Source: source,
        DetailType,
        Detail: JSON.stringify(detail),
        Time: new Date(time),
      })),
    }),
  );
  expect(FailedEntryCount).toBe(0);
}

test("an event put on the bus three times is one entry of the log and one mail", async () => {
  await put(nightEvent(), nightEvent());
  await waitForEvents(running, 1);
  await put(nightEvent());
  await waitUntilIdle(running);
  expect(await readHead(running)).toMatchObject({ size: 1 });
  expect((await readIndex(running)).map(({ event }) => event)).toEqual([idOf(nightEvent())]);
  await vi.waitFor(() => expect(running.mails).toHaveLength(1), PATIENCE);
});

test("its mail says who, what, when, how, why and what to do next", () => {
  const [mail] = running.mails;
  expect(mail).toMatchObject({
    to: "security@acme.example",
    subject: "[Gatebook high] Deploy role assumed outside business hours: Ana Lima on shop-deploy",
  });
  const lines = mail?.body.split("\n") ?? [];
  expect(lines).toContain(`Who:   Ana Lima <ana@acme.example>, as ${ANA}`);
  expect(lines).toContain("What:  access.assume, by AssumeRole, on arn:aws:iam::111122223333:role/shop-deploy");
  expect(lines).toContain("When:  Thu, 26 Nov 2026, 02:13:20 GMT (Europe/London), 2026-11-26T02:13:20Z");
  expect(mail?.body).toMatch(/^How: .*long-lived access key, MFA not told by the source, from 203\.0\.113\.77$/m);
  expect(mail?.body).toMatch(/^Wrong: Somebody took on a role that can change production/m);
  expect(mail?.body).toMatch(/^What to do next:\n {2}1\. .+\n {2}2\. .+\n {2}3\. .+\n/m);
  expect(mail?.body).toMatch(/^Before and after, by the same person:\n {2}/m);
  expect(mail?.body).toMatch(
    /^ {2}npx gatebook prove \S+\n {2}npx gatebook search --person ana@acme\.example --since /m,
  );
  expect(lines).toContain(`Event:   ${idOf(nightEvent())}`);
});

test("the rest of the story raises one more alert, and nothing of the normal release does", async () => {
  await tellStory(running, { recorded: 1 });
  const indexed = await waitForEvents(running, readStory().length);
  await vi.waitFor(() => expect(running.mails).toHaveLength(2), PATIENCE);
  await waitUntilIdle(running);
  const mail = running.mails[1];
  expect(mail?.subject).toBe(
    "[Gatebook high] Pipeline execution approved by the person who started it: Ana Lima on shop-relea...",
  );
  expect(mail?.body).toMatch(/^Who: {3}Ana Lima <ana@acme\.example>, as arn:aws:iam::111122223333:user\/ana$/m);
  expect(mail?.body).toMatch(/^What: {2}pipeline\.approve, by PutApprovalResult, on arn:aws:codepipeline:.*:shop-rel/m);
  expect(mail?.body).toMatch(/^When: {2}Wed, 25 Nov 2026, 14:21:40 GMT \(Europe\/London\), 2026-11-25T14:21:40Z$/m);
  expect(mail?.body).toMatch(/^How: .*signed in to the console, with MFA, from 203\.0\.113\.24$/m);
  expect(mail?.body).toMatch(/^Wrong: The same person started this delivery and approved it/m);
  expect(indexed.flatMap(({ event, finding }) => (finding === undefined ? [] : [[event, finding]]))).toEqual([
    [idOf(nightEvent()), "high"],
    ["6d49c9d8-a620-4e8e-acba-2b799e3b3748", "high"],
  ]);
});

test("index and log hold each event of the story once, at the same place", async () => {
  const ids = readStory().map(idOf).sort();
  const indexed = await readIndex(running);
  const records = await readRecords(running);
  expect(indexed.map(({ place }) => place)).toEqual(ids.map((_, place) => place));
  expect(indexed.map(({ event }) => event).sort()).toEqual(ids);
  expect(records.map(({ event }) => event.metadata.uid)).toEqual(indexed.map(({ event }) => event));
  expect(indexed.find(({ event }) => event === idOf(nightEvent()))).toMatchObject({
    principal: ANA,
    person: "ana@acme.example",
    action: "access.assume",
  });
});

test("tiles and bundles have the root of the head", async () => {
  const head = await readHead(running);
  expect(head?.size).toBe(readStory().length);
  // Throws at the first byte that does not hash to the root.
  expect(await readEntries(running)).toHaveLength(readStory().length);
});

test("everything that the log stands on is locked for seven years once it is sealed, the account's root included", async () => {
  const Bucket = outputOf(running, "EvidenceBucket");
  const size = (await readHead(running))?.size ?? 0;
  await invoke(running, "seal");
  const versions = (await listEvidence(running)).filter(({ Key }) => Key !== "checkpoint");
  expect(new Set(versions.map(({ Key }) => Key)).size).toBe(versions.length);
  const tail = partialPaths(size);
  expect(versions.map(({ Key }) => Key)).toEqual(expect.arrayContaining(tail));
  for (const version of versions) {
    const { Retention } = await running.clients.s3.send(new GetObjectRetentionCommand({ Bucket, ...version }));
    const isSuperseded = isPartialPath(version.Key) && !tail.includes(version.Key);
    const days = isSuperseded ? 2 : LOCKED_DAYS;
    expect(Retention?.Mode).toBe("COMPLIANCE");
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThanOrEqual(Date.now() + days * DAY_MS);
    if (isSuperseded) expect(Retention?.RetainUntilDate?.getTime()).toBeLessThan(Date.now() + 3 * DAY_MS);
  }
});

test("nothing was refused by IAM, rejected or left behind on the way", async () => {
  expect(running.calls.filter(({ status }) => status === 403)).toEqual([]);
  expect(await lengthOf(running, outputOf(running, "RejectedQueueUrl"))).toBe(0);
  expect([running.alarms, running.faults]).toEqual([[], []]);
});
