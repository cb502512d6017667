/** `kill -9` in the middle of recording, again and again: the log verifies, nothing is lost or twice, the index agrees with the log. */
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { childrenOf, gatebook, isAlive, linesOf, ROOT, startGatebook, temporaryFolder } from "../commands/gatebook.ts";
import { type Random, seeded } from "../core/redaction/seeded.ts";
import { readHead, readIndex, readRecords } from "./recorded.ts";
import { PATIENCE, run } from "./running-cloud.ts";

const KILLS = 10;
const EVENTS_TO_A_ROUND = 30;
/** A batch is gathered for a second, recorded within the next, and its events are in the index. */
const MAX_DELAY_MS = 2_500;
/** Twelve starts, each with a synthesis. */
const TIMEOUT_MS = 900_000;

/** A seed that was printed kills at the same moments again, as far as two runs are alike. */
const SEED = Number(process.env["GATEBOOK_SEED"] ?? randomInt(2 ** 31));
const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m;
const CONFIG = ["--config", join(ROOT, "gatebook.yml")];
const EVENT = JSON.parse(readFileSync(join(ROOT, "test/events/cloudtrail/start-build.json"), "utf8"));

function eventOf(round: number, i: number): { readonly eventID: string } {
  const eventID = `00000000-0000-4000-8000-${String(1_000 * round + i).padStart(12, "0")}`;
  const eventTime = new Date(Date.parse(EVENT.eventTime) + 1_000 * (100 * round + i)).toISOString();
  const userName = `user-${i % 7}`;
  const arn = `arn:aws:iam::111122223333:user/${userName}`;
  return { ...EVENT, eventID, eventTime, userIdentity: { ...EVENT.userIdentity, userName, arn } };
}

function writeRound(folder: string, round: number): string[] {
  const events = Array.from({ length: EVENTS_TO_A_ROUND }, (_, i) => eventOf(round, i));
  writeFileSync(join(folder, `${round}.jsonl`), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return events.map(({ eventID }) => eventID);
}

/** Replays all events so far, those of earlier rounds included, and kills what runs at a random moment while that is under way. */
async function killWhileReplaying(folder: string, round: number, random: Random): Promise<void> {
  const cloud = startGatebook(["start", "--no-story", "--port", "0"], folder);
  await cloud.until(READY);
  const handlers = await childrenOf(cloud.pid);
  const replay = startGatebook(["replay", join(folder, "events"), ...CONFIG], folder);
  // Half of the moments are while events come in, half while they are recorded.
  if (random() < 0.5) await replay.untilSaid(/\d+ sent/);
  await sleep(Math.floor(random() * MAX_DELAY_MS));
  cloud.kill();
  replay.kill();
  await Promise.all([cloud.finished, replay.finished]);
  // Handlers that were not killed with it may still finish what they do, and end when they find nobody to answer to.
  if (round % 2 === 0) for (const pid of handlers.filter(isAlive)) process.kill(pid, "SIGKILL");
  await vi.waitFor(() => expect(handlers.filter(isAlive)).toEqual([]), PATIENCE);
}

test(`killed ${KILLS} times while it records, it has each event once`, { timeout: TIMEOUT_MS }, async () => {
  console.log(`killing at moments of seed ${SEED}`);
  const random = seeded(SEED);
  const folder = await temporaryFolder();
  await mkdir(join(folder, "events"));
  const ids: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    ids.push(...writeRound(join(folder, "events"), round));
    await killWhileReplaying(folder, round, random);
  }

  const cloud = startGatebook(["start", "--no-story", "--port", "0"], folder);
  await cloud.until(READY);
  const { code, stdout } = await gatebook(["replay", join(folder, "events"), "--json", ...CONFIG], folder);
  expect([code, linesOf(stdout)]).toEqual([
    0,
    [expect.objectContaining({ read: ids.length, missing: 0, rejected: 0 })],
  ]);
  // Some were recorded before: else nothing of all this killed anything that mattered.
  expect(linesOf(stdout)[0]?.["duplicates"]).toBeGreaterThan(0);
  cloud.interrupt();
  await cloud.finished;

  const running = await run(join(folder, ".gatebook"));
  onTestFinished(() => running.close());
  // Throws at the first byte that does not hash to the head's root.
  const records = await readRecords(running);
  const recorded = records.map(({ event }) => event.metadata.uid);
  expect([...recorded].sort()).toEqual([...ids].sort());
  expect((await readHead(running))?.size).toBe(ids.length);
  const indexed = await readIndex(running);
  expect(indexed.map(({ place, event }) => [place, event])).toEqual(recorded.map((uid, place) => [place, uid]));
  expect(running.faults).toEqual([]);
});
