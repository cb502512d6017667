/** The story of `npm start`: a normal release, an approval by the starter, a deploy role at night. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { createClients } from "../../lib/local/clients.ts";
import type { Cloud } from "../../lib/local/cloud.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { describeEvidence } from "./describe-evidence.ts";
import { createComplaints, readConfiguration } from "./input.ts";
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
  const keys = distinctKeys(await track(texts, readConfiguration(CONFIGURATION), createComplaints()));
  const clients = createClients(cloud.url, LOCAL_OWNER_KEY);
  try {
    const index = dynamoDbEventIndex({ client: clients.dynamodb, tableName: cloud.outputs["IndexTable"] ?? "" });
    if ((await index.known(keys)).size === keys.length) {
      say("The story was recorded by an earlier start, and nothing is recorded twice: --fresh tells it again.");
    } else {
      say(`A story of ${texts.length} events: a normal release, an approval by the starter, a deploy role at night`);
      await putRecordedEvents(
        cloud.url,
        texts.map(({ body }): unknown => JSON.parse(body)),
      );
      await waitUntilKnown(keys, {
        index,
        signal,
        onProgress: (known) => say(`${known} of ${keys.length} events are in the evidence log`),
      });
      await untilQuiet(telling);
    }
    console.log(await describeEvidence(clients, cloud.outputs));
  } finally {
    clients.close();
  }
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
