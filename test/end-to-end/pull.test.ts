/** The evidence of a running cloud is pulled, verified without it, and an event of it proved; and the pull itself is in the log. */
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { gatebook, linesOf, temporaryFolder } from "../commands/gatebook.ts";
import { invoke } from "./invoke.ts";
import { readRecords, waitForEvents } from "./recorded.ts";
import { PATIENCE, run } from "./running-cloud.ts";
import { readStory } from "./story.ts";

const EVENTS = readStory().slice(0, 4);

test("pull, verify and prove", async () => {
  const folder = await temporaryFolder();
  const running = await run(join(folder, ".gatebook"));
  onTestFinished(() => running.close());
  await putRecordedEvents(running.cloud.url, EVENTS);
  await waitForEvents(running, EVENTS.length);
  await invoke(running, "publish");

  const pulled = await gatebook(["pull", "copy", "--as", "ana@acme.example"], folder);
  expect([pulled.code, pulled.stderr]).toEqual([0, ""]);
  const verified = await gatebook(["verify", "copy", "--records", "--json"], folder);
  expect([verified.code, verified.stderr]).toEqual([0, ""]);
  expect(linesOf(verified.stdout)[0]).toMatchObject({ outcome: "verified", size: EVENTS.length });

  const proved = await gatebook(["prove", "#2", "--out", "proofs", "--json"], folder);
  expect([proved.code, proved.stderr]).toEqual([0, ""]);
  const [{ entry, proof, key } = {}] = linesOf(proved.stdout);
  const check = ["verify", "--proof", String(proof), "--entry", String(entry), "--key", String(key)];
  expect(await gatebook(check, folder)).toMatchObject({ code: 0 });

  const records = await vi.waitFor(async () => {
    const all = await readRecords(running);
    expect(all).toHaveLength(EVENTS.length + 1);
    return all;
  }, PATIENCE);
  expect(records.at(-1)).toMatchObject({
    action: "audit.read",
    event: { metadata: { event_code: "evidence.pulled" } },
  });
  expect(records.at(-1)?.event.actor?.user?.uid).toBe("ana@acme.example");
});
