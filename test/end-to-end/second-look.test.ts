/** Deliveries whose events are told all at once, or too late, on the running stack: found by the scheduled function, recorded, mailed, once. */
import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test, vi } from "vitest";
import { FIRST_LOOK_MS } from "../../lib/core/second-look/looks-of.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { ANA, BO } from "../core/record/views.ts";
import { approve, asked, push, start, took } from "../core/second-look/release-calls.ts";
import { invoke } from "./invoke.ts";
import { readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { readStory } from "./story.ts";

/** The stack is started, and half a minute passes before anything is due. */
const PATIENT_MS = 300_000;
const SELF_APPROVAL = "Pipeline execution approved by the person who started it";
const BY_COMMITTER = "Pipeline execution approved by somebody who wrote what it delivers";
/** Of a title, in a mail's subject. */
const SHOWN = 50;

/** Each in a message of its own. */
async function tell(running: RunningCloud, bodies: readonly string[]): Promise<void> {
  const QueueUrl = outputOf(running, "IntakeQueueUrl");
  await Promise.all(
    bodies.map((MessageBody) => running.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
  );
}

test(
  "a story told all at once, and a push told after the approval that it makes wrong, come to their findings, each once",
  async () => {
    const running = await runInEmptyFolder();
    onTestFinished(() => running.close());
    const story = readStory();
    await Promise.all(story.map((event) => putRecordedEvents(running.cloud.url, [event])));
    const release = [start(BO), took, asked, approve(ANA)];
    await tell(running, release);
    const recorded = story.length + release.length;
    await waitForEvents(running, recorded);
    await tell(running, [push(ANA, -60)]);
    await waitForEvents(running, recorded + 1);
    expect(titlesIn(await readRecords(running))).not.toContain(BY_COMMITTER);

    await sleep(FIRST_LOOK_MS);
    for (let run = 0; run < 2; run += 1) {
      await invoke(running, "second-look");
      await waitUntilIdle(running);
    }
    await vi.waitFor(async () => expect(titlesIn(await readRecords(running))).toContain(BY_COMMITTER), PATIENCE);
    // A subject has its beginning.
    const told = (title: string) => running.mails.filter(({ subject }) => subject.includes(title.slice(0, SHOWN)));
    await vi.waitFor(() => expect(told(BY_COMMITTER)).toHaveLength(1), PATIENCE);
    await vi.waitFor(() => expect(told(SELF_APPROVAL)).toHaveLength(1), PATIENCE);

    const records = await readRecords(running);
    expect(titlesIn(records).filter((title) => title === SELF_APPROVAL)).toHaveLength(1);
    const own = records.filter(({ findings }) => findings.some(({ rule }) => rule.title === BY_COMMITTER));
    expect(own).toMatchObject([
      { trace: "E1", event: { metadata: { event_code: "second-look.differs" } }, findings: [{ principal: ANA }] },
    ]);
    const [mail] = told(BY_COMMITTER);
    expect(mail?.body).toContain(`Who:   Ana Lima <ana@acme.example>, as ${ANA}`);
    expect(mail?.body).toContain("What:  pipeline.approve, by PutApprovalResult");
    expect(mail?.body).toContain("2026-11-24T10:01:00Z");
    expect(mail?.body).toContain("Ana Lima wrote the change and approved it.");
    expect(running.calls.filter(({ status }) => status === 403)).toEqual([]);
    expect([running.alarms, running.faults]).toEqual([[], []]);
  },
  PATIENT_MS,
);

function titlesIn(records: Awaited<ReturnType<typeof readRecords>>): string[] {
  return records.flatMap(({ findings }) => findings.map(({ rule }) => rule.title));
}
