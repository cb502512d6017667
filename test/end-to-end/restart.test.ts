/** The local cloud goes on where it stopped, and nothing is recorded or mailed twice for it. */
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { expect, onTestFinished, test, vi } from "vitest";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { listEvidence, readEntries, readHead, readIndex, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, PATIENCE, type RunningCloud, remove, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

async function secretOf(running: RunningCloud): Promise<string | undefined> {
  const SecretId = outputOf(running, "githubWebhookSecretArn");
  return (await running.clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
}

async function stateOf(running: RunningCloud) {
  return {
    head: await readHead(running),
    entries: await readEntries(running),
    objects: await listEvidence(running),
    index: await readIndex(running),
    secret: await secretOf(running),
  };
}

test("a cloud that starts again has all it had, and knows the story already", async () => {
  const folder = await emptyFolder();
  onTestFinished(() => remove(folder));
  const first = await run(folder);
  onTestFinished(() => first.close());
  await tellStory(first);
  await vi.waitFor(() => expect(first.mails).toHaveLength(2), PATIENCE);
  await expect(run(folder)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  const before = await stateOf(first);
  await first.close();

  const second = await run(folder);
  onTestFinished(() => second.close());
  expect(await stateOf(second)).toEqual(before);
  await putRecordedEvents(second.cloud.url, readStory());
  await vi.waitFor(() => expect(second.lines.join("\n")).toMatch(/"duplicates":[1-9]/), PATIENCE);
  await waitUntilIdle(second);
  expect(await stateOf(second)).toEqual(before);
  // What would be mailed again would have to pass the findings queue first.
  expect(second.calls.filter(({ service, operation }) => service === "sns" && operation === "Publish")).toEqual([]);
  expect(second.mails).toEqual([]);
});
