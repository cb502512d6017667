/** A permission that the template forgets breaks the local run as it would break the deployed one, and loses nothing. */
import { join } from "node:path";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test, vi } from "vitest";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { synthesisedAnew, withoutGrant } from "./assembly.ts";
import { lengthOf, listEvidence, readEntries, readHead, readIndex, waitForEvents } from "./recorded.ts";
import { emptyFolder, outputOf, PATIENCE, type RunningCloud, remove, run, runInEmptyFolder } from "./running-cloud.ts";
import { idOf, nightEvent, readStory } from "./story.ts";

/** The stack, in which no role may do this. */
async function runWithout(action: string): Promise<RunningCloud> {
  const folder = await emptyFolder();
  onTestFinished(() => remove(folder));
  const running = await runInEmptyFolder(await synthesisedAnew(folder, withoutGrant(action)));
  onTestFinished(() => running.close());
  await putRecordedEvents(running.cloud.url, [nightEvent()]);
  return running;
}

function waitForRefusal(running: RunningCloud, service: string): Promise<unknown> {
  return vi.waitFor(
    () => expect(running.calls).toContainEqual(expect.objectContaining({ service, status: 403 })),
    PATIENCE,
  );
}

async function findingsQueue({ clients: { sqs } }: RunningCloud): Promise<string> {
  const { QueueUrls = [] } = await sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: "Gatebook-AlertingFindingsQueue" }),
  );
  expect(QueueUrls).toHaveLength(1);
  return QueueUrls[0] ?? "";
}

test("a finding that cannot be published stays in its queue, and the event is recorded all the same", async () => {
  const running = await runWithout("sns:Publish");
  await waitForEvents(running, 1);
  await waitForRefusal(running, "sns");
  // The last thing that the function does with a finding that it could not publish: it gives up its claim to mail it.
  await vi.waitFor(
    () => expect(running.calls).toContainEqual(expect.objectContaining({ operation: "DeleteItem" })),
    PATIENCE,
  );
  expect(await lengthOf(running, await findingsQueue(running))).toBe(1);
  expect(running.mails).toEqual([]);
});

test("an event that may not be stored stays in the intake queue, and neither head nor index claims it", async () => {
  const running = await runWithout("s3:PutObject");
  await waitForRefusal(running, "s3");
  expect(await lengthOf(running, outputOf(running, "IntakeQueueUrl"))).toBe(1);
  expect([await readHead(running), await readIndex(running), running.mails]).toEqual([undefined, [], []]);
});

test("a batch whose tiles could not be written is finished by the next one, before anything else", async () => {
  const folder = await emptyFolder();
  onTestFinished(() => remove(folder));
  const state = join(folder, "state");
  const first = await run(state, await synthesisedAnew(folder, withoutGrant("s3:PutObject", "/tile/*")));
  onTestFinished(() => first.close());
  await putRecordedEvents(first.cloud.url, [nightEvent()]);
  await waitForRefusal(first, "s3");
  // Committed and staged: the entry has its place in the log, although nobody can read it there yet.
  expect(await readHead(first)).toMatchObject({ size: 1 });
  expect([await listEvidence(first), await readIndex(first)]).toEqual([[], []]);
  expect(await lengthOf(first, outputOf(first, "IntakeQueueUrl"))).toBe(1);
  await first.close();

  const second = await run(state);
  onTestFinished(() => second.close());
  await putRecordedEvents(second.cloud.url, readStory().slice(0, 1));
  const indexed = await waitForEvents(second, 2);
  expect(indexed.map(({ event }) => event)).toEqual([nightEvent(), ...readStory().slice(0, 1)].map(idOf));
  expect(await readEntries(second)).toHaveLength(2);
  await vi.waitFor(() => expect(second.mails).toHaveLength(1), PATIENCE);
});
