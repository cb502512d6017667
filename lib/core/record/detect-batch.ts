/** The findings of a batch: each event alone, with the others, and with what is remembered of those before. */
import { isCorrelationEvent } from "../detections/correlation/correlation-event.ts";
import type { Candidate, Match } from "../detections/detection.ts";
import { createDetector, type DetectorWorld } from "../detections/detector.ts";
import { findingOfMatch } from "../detections/finding-of-match.ts";
import type { RecordView } from "../detections/record-view.ts";
import { type EventIndex, keyName, lastingName } from "../evidence/event-index.ts";
import type { Finding } from "./finding.ts";
import { nameApprover } from "./name-approver.ts";
import type { PreparedRecord } from "./prepare-record.ts";
import { secretsInCommits } from "./secret-in-commit.ts";
import type { ViewedRecord } from "./view-records.ts";

type Viewed = ViewedRecord<PreparedRecord>;

/**
 * A list for each of the records, in their order.
 *
 * @param failed is told of a record that could not be judged, whose list is empty
 */
export type DetectBatch = (
  viewed: readonly Viewed[],
  failed: (position: number, error: unknown) => void,
) => Promise<readonly (readonly Finding[])[]>;

export function batchDetector({
  index,
  ...world
}: DetectorWorld & { readonly index: Pick<EventIndex, "known"> }): DetectBatch {
  const detect = createDetector(world);
  return async (viewed, failed) => {
    const named = viewed.map(({ view, delivery }) => nameApprover(view, delivery));
    const findingOf = (position: number, rule: Match["rule"]): Finding =>
      findingOfMatch({ rule }, named[position] as RecordView);
    const areRecorded = recordedIn(viewed, index);
    const matches = await detect(viewed.map(toCandidate), { areRecorded, failed, findingOf });
    return viewed.map(({ record, view }, position) => {
      const found = (matches[position] ?? []).map((match) => findingOfMatch(match, named[position] ?? view));
      return [...secretsInCommits(view, record), ...found];
    });
  };
}

/** As detectors are asked about it. */
export function toCandidate({ record: { entry, normalised, raw }, view }: Viewed): Candidate {
  const { time, metadata } = normalised.event;
  return { id: lastingName(entry), time, event: metadata.uid, raw, view, isEcho: isCorrelationEvent(view) };
}

function recordedIn(viewed: readonly Viewed[], index: Pick<EventIndex, "known">) {
  return async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const asked = new Set(ids);
    const entries = viewed.map(({ record: { entry } }) => entry).filter((entry) => asked.has(lastingName(entry)));
    const known = await index.known(entries);
    return new Set(entries.filter((entry) => known.has(keyName(entry))).map(lastingName));
  };
}
