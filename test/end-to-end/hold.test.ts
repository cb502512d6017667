/** `gatebook hold` on the running stack: what proves one event is held and released, and both are in the log. */
import { join } from "node:path";
import { GetObjectLegalHoldCommand, PutObjectLegalHoldCommand } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { gatebook, linesOf, temporaryFolder } from "../commands/gatebook.ts";
import { invoke } from "./invoke.ts";
import { listEvidence, readRecords, waitForEvents } from "./recorded.ts";
import { outputOf, type RunningCloud, run } from "./running-cloud.ts";
import { readStory } from "./story.ts";

const EVENTS = readStory().slice(0, 4);

async function heldObjects(running: RunningCloud): Promise<string[]> {
  const Bucket = outputOf(running, "EvidenceBucket");
  const held: string[] = [];
  for (const version of await listEvidence(running)) {
    const command = new GetObjectLegalHoldCommand({ Bucket, ...version });
    const status = await running.clients.s3.send(command).then(
      ({ LegalHold }) => LegalHold?.Status,
      () => undefined,
    );
    if (status === "ON") held.push(version.Key);
  }
  return held.sort();
}

test("a hold is recorded, set, listed, checked and released", async () => {
  const folder = await temporaryFolder();
  const running = await run(join(folder, ".gatebook"));
  onTestFinished(() => running.close());
  await putRecordedEvents(running.cloud.url, EVENTS);
  await waitForEvents(running, EVENTS.length);

  await invoke(running, "publish");
  const hold = (...args: string[]) => gatebook(["hold", ...args], folder);

  const unknown = await hold("add", "--event", "#99", "--reason", "case 17");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("has no entry #99")]);
  const nothing = await hold("add", "--trace", "nobody's", "--reason", "case 17");
  expect([nothing.code, nothing.stderr]).toEqual([
    2,
    expect.stringContaining("is one of these: see what search finds"),
  ]);
  expect(await readRecords(running)).toHaveLength(EVENTS.length);

  const added = await hold("add", "--event", "#2", "--reason", "case 17", "--as", "github:analima", "--json");
  expect([added.code, added.stderr]).toEqual([0, expect.stringMatching(/^recording hold:[\w-]+\n$/)]);
  const [{ hold: id, versions } = {}] = linesOf(added.stdout);
  const bundle = `tile/entries/000.p/${EVENTS.length}`;
  const held = await heldObjects(running);
  expect(held).toEqual(["checkpoint", `tile/0/000.p/${EVENTS.length}`, bundle]);
  expect(versions).toBe(held.length);
  const [record] = (await readRecords(running)).slice(EVENTS.length);
  expect(record?.event).toMatchObject({ metadata: { event_code: "evidence.held" }, resources: [{ uid: id }] });

  const listed = await hold("list", "--check", "--json");
  expect([listed.code, listed.stderr]).toEqual([0, ""]);
  expect(linesOf(listed.stdout)).toEqual([
    expect.objectContaining({ id, state: "active", ranges: [[2, 3]], objects: held.length, held: held.length }),
  ]);
  expect(linesOf(listed.stdout)[0]).toMatchObject({ added: { reason: "case 17", principal: "github:analima" } });

  await takeOff(running, bundle);
  const loose = await hold("list", "--check");
  expect([loose.code, loose.stdout]).toEqual([1, expect.stringContaining(`NOT HELD 1, ${bundle} for one`)]);
  expect(await hold("add", "--hold", String(id))).toMatchObject({ code: 0 });
  expect(await heldObjects(running)).toEqual(held);

  const second = await hold("add", "--since", "2000-01-01", "--reason", "case 18", "--json");
  expect([second.code, linesOf(second.stdout)[0]]).toEqual([0, expect.objectContaining({ entries: EVENTS.length })]);
  const silent = await hold("release", "--hold", String(id));
  expect([silent.code, silent.stderr]).toEqual([2, expect.stringContaining("say why with --reason")]);
  const released = await hold("release", "--hold", String(id), "--reason", "closed", "--as", "github:analima");
  expect([released.code, released.stderr]).toEqual([0, ""]);
  const [{ hold: other } = {}] = linesOf(second.stdout);
  const checked = await hold("list", "--check", "--json");
  expect([checked.code, linesOf(checked.stdout).map(({ id: each, state }) => [each, state])]).toEqual([
    0,
    [
      [id, "released"],
      [other, "active"],
    ],
  ]);
  expect(await hold("release", "--hold", String(other), "--reason", "closed")).toMatchObject({ code: 0 });
  expect(await heldObjects(running)).toEqual([]);

  // As it is signed by then: the records of what was done here are in it.
  await invoke(running, "publish");
  const all = await hold("add", "--all", "--reason", "case 19", "--json");
  const [whole] = linesOf(all.stdout);
  expect([all.code, whole]).toEqual([0, expect.objectContaining({ missing: [], entries: EVENTS.length + 4 })]);
  expect(await heldObjects(running)).toEqual(["checkpoint", "tile/0/000.p/8", "tile/entries/000.p/8"]);

  const again = await hold("add", "--hold", String(id));
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("was released by github:analima")]);
  const operations = (await readRecords(running)).map(({ event }) => event.api?.operation).slice(EVENTS.length);
  const [on, off] = ["evidence.held", "evidence.released"];
  expect(operations).toEqual([on, on, off, off, on]);
});

async function takeOff(running: RunningCloud, Key: string): Promise<void> {
  const Bucket = outputOf(running, "EvidenceBucket");
  const LegalHold = { Status: "OFF" } as const;
  await running.clients.s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold }));
}
