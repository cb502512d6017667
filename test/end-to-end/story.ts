/** The recorded events of the story that `npm start` tells. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { storyParts } from "../../bin/commands/story-parts.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { waitForEvents } from "./recorded.ts";
import type { RunningCloud } from "./running-cloud.ts";

const STORY = join(import.meta.dirname, "..", "events", "story");

export const StoryEvent = z.looseObject({
  id: z.string(),
  source: z.string(),
  "detail-type": z.string(),
  time: z.string(),
  detail: z.looseObject({ eventID: z.string().optional() }),
});
export type StoryEvent = z.infer<typeof StoryEvent>;

export function readStory(): StoryEvent[] {
  return readdirSync(STORY)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => StoryEvent.parse(JSON.parse(readFileSync(join(STORY, name), "utf8"))));
}

/** The id that the source gave it: CloudTrail's own where there is one, since the envelope's differs from delivery to delivery. */
export function idOf({ id, detail }: StoryEvent): string {
  return detail.eventID ?? id;
}

/** Ana takes on the deploy role at two in the morning. */
export function nightEvent(): StoryEvent {
  const event = readStory().find(({ detail }) => detail.eventID === "92bb8d36-74c2-4bd4-84c0-a1a831f9a5b8");
  if (event === undefined) throw new Error("the story has no night");
  return event;
}

interface Telling {
  /** How many of the story's events are recorded already. */
  readonly recorded?: number;
  /** Some of it. */
  readonly events?: readonly StoryEvent[];
}

/** As it happened: what is minutes apart does not arrive at once. Resolves when all of it is recorded. */
export async function tellStory(
  running: RunningCloud,
  { recorded = 0, events = readStory() }: Telling = {},
): Promise<void> {
  let told = recorded;
  for (const part of storyParts(events)) {
    await putRecordedEvents(running.cloud.url, part);
    told += part.length;
    await waitForEvents(running, Math.min(told, readStory().length));
  }
}
