/** The story of `npm start`: a normal release, an approval by the starter, a deploy role at night. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { createClients } from "../../lib/local/clients.ts";
import type { Cloud } from "../../lib/local/cloud.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { describeEvidence } from "./describe-evidence.ts";
import { createComplaints, readConfiguration } from "./input.ts";
import { storyParts } from "./story-parts.ts";
import { distinctKeys, track, waitUntilKnown } from "./track.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const STORY = join(ROOT, "test", "events", "story");
/** What the stack was synthesised with, whichever folder this was started in. */
const CONFIGURATION = join(ROOT, "gatebook.yml");
/** Mails follow the log by a queue and a function; after this long without another one there is none. */
const QUIET_MS = 5_000;
const POLL_MS = 200;

export interface Telling {
  /** How many mails came so far. */
  readonly mails: () => number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Puts the events on the bus, waits for what comes of them, and says what the evidence bucket holds. */
export async function tellStory(cloud: Cloud, telling: Telling): Promise<void> {
  const { say, signal } = telling;
  const files = readdirSync(STORY)
    .filter((name) => name.endsWith(".json"))
    .sort();
  const texts = files.map((name) => ({ id: name, body: readFileSync(join(STORY, name), "utf8") }));
  const configuration = readConfiguration(CONFIGURATION);
  const keysOf = async (arrivals: typeof texts) =>
    distinctKeys(await track(arrivals, configuration, createComplaints()));
  const keys = await keysOf(texts);
  const clients = createClients(cloud.url, LOCAL_OWNER_KEY);
  try {
    const index = dynamoDbEventIndex({ client: clients.dynamodb, tableName: cloud.outputs["IndexTable"] ?? "" });
    if ((await index.known(keys)).size === keys.length) {
      say("The story was recorded by an earlier start, and nothing is recorded twice: --fresh tells it again.");
    } else {
      say(`A story of ${texts.length} events: a normal release, an approval by the starter, a deploy role at night`);
      let told = 0;
      for (const part of storyParts(texts.map(({ id, body }) => ({ id, body, time: timeOf(body) })))) {
        await putRecordedEvents(
          cloud.url,
          part.map(({ body }): unknown => JSON.parse(body)),
        );
        const before = told;
        const onProgress = (known: number): void =>
          say(`${before + known} of ${keys.length} events are in the evidence log`);
        await waitUntilKnown(await keysOf(part), { index, signal, onProgress });
        told += part.length;
      }
      await untilQuiet(telling);
    }
    console.log(await describeEvidence(clients, cloud.outputs));
  } finally {
    clients.close();
  }
}

function timeOf(body: string): string {
  return z.looseObject({ time: z.string() }).parse(JSON.parse(body)).time;
}

async function untilQuiet({ mails, signal }: Telling): Promise<void> {
  let count = mails();
  for (let last = Date.now(); Date.now() - last < QUIET_MS && !signal.aborted; ) {
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (mails() === count) continue;
    count = mails();
    last = Date.now();
  }
}
