/** Of a group that waits to be judged, what is kept of its latest event: the record itself is in the log, and far to fetch. */
import * as z from "zod";
import { clip } from "../../record/clip.ts";
import type { Finding } from "../../record/finding.ts";
import { FindingSchema } from "../../record/finding-schema.ts";

interface LatestEvent {
  /** The group's values, for people. */
  readonly label: string;
  /** What the correlation says of this event alone. */
  readonly finding: Finding;
}

/** An item of the memory ends at 400 KB, most of which is for members. */
const BOUNDS = { characters: 1_024, items: 16 };

const Latest = z.object({ label: z.string(), finding: FindingSchema });

export function encodeLatest({ label, finding }: LatestEvent): string {
  return JSON.stringify(clip({ label, finding }, BOUNDS));
}

/** @throws what is thrown for a text that is not one of these */
export function decodeLatest(text: string): LatestEvent {
  return Latest.parse(JSON.parse(text));
}
