/** One message, read, redacted, normalised and classified: all that can be said of it without looking at another. */
import { hash } from "node:crypto";
import type { MfaState } from "../access/mfa.ts";
import type { ChangeSubject } from "../changes/change.ts";
import { changeSubject } from "../changes/change-subject.ts";
import type { RecordView } from "../detections/record-view.ts";
import type { Redaction } from "../redaction/redact-tree.ts";
import type { Fingerprint } from "../redaction/secret-range.ts";
import { parseMessage } from "../sources/message.ts";
import { eventId, lastingIdentity, normalise, type RawRecord, rawRecord } from "../sources/normalise.ts";
import { withOriginal } from "../sources/with-original.ts";
import type { NormalisedEvent } from "./audit-record.ts";
import type { Classification } from "./classify.ts";
import type { Finding } from "./finding.ts";
import type { IndexEntry } from "./index-entry.ts";
import { describeForIndex, eventKeyOf } from "./index-form.ts";
import { redact } from "./redact.ts";

export interface PreparedRecord {
  readonly normalised: NormalisedEvent;
  readonly classification: Classification;
  /** As it will be in the index, the trace aside where only other events tell it. */
  readonly entry: IndexEntry;
  /** For rules that speak the source's own language. */
  readonly raw: RawRecord;
  readonly redactions: readonly Redaction[];
  /** The thing whose state the event tells, where it tells one. */
  readonly change?: ChangeSubject;
  /** Who opened the session that acts, where its opening is known: a principal. */
  readonly openedBy?: string;
  /** What is known of the second factor of whoever opened it. */
  readonly openerMfa?: MfaState;
  /** What Gatebook's own reviews found, carried by their events. */
  readonly findings: readonly Finding[];
}

/** @throws GatebookError `INPUT_INVALID` for what is no event, with the reason */
export async function prepareRecord(
  body: string,
  classify: (normalised: NormalisedEvent) => Classification,
  fingerprint?: Fingerprint,
): Promise<PreparedRecord> {
  const arrived = parseMessage(body);
  // Everything below works on the copy without secrets, so that none can slip into a field that a normaliser fills.
  const { value, redactions } = await redact(arrived.original, fingerprint);
  const message = redactions.length === 0 ? arrived : withOriginal(arrived, value);
  const { event, ...rest } = normalise(message);
  const value256 = hash("sha256", arrived.raw, "hex");
  const normalised: NormalisedEvent = {
    event: {
      ...event,
      raw_data: JSON.stringify(message.original),
      raw_data_hash: { algorithm_id: 3, algorithm: "SHA-256", value: value256 },
    },
    ...rest,
  };
  // Whoever has no key for fingerprints, such as replay, has to come to the same keys of the index; and so has the next key.
  const isMarked = fingerprint !== undefined && redactions.length > 0;
  const plain = isMarked ? normalise(withOriginal(arrived, (await redact(arrived.original)).value)) : normalised;
  const classification = classify(normalised);
  const change = changeSubject(message, normalised);
  return {
    normalised,
    classification,
    // The identity is that of the event as it arrived: rules of redaction change, and a redelivery must still be known.
    entry: toIndexEntry(plain, classification, {
      id: eventId(arrived, plain.event),
      identity: lastingIdentity(arrived, plain.event),
    }),
    raw: rawRecord(message),
    redactions,
    ...(change !== undefined && { change }),
    findings: message.kind === "gatebook" ? (message.event.findings ?? []) : [],
  };
}

function toIndexEntry(
  normalised: NormalisedEvent,
  { person }: Classification,
  { id, identity }: { readonly id: string; readonly identity: string | undefined },
): IndexEntry {
  return {
    ...describeForIndex(normalised, person),
    eventKey: eventKeyOf(normalised.event.time, id),
    ...(identity !== undefined && { identity }),
  };
}

/** What rules over the normalised record see of it, and what else is known. */
export function viewOf(
  { normalised, classification, openedBy }: PreparedRecord,
  more?: Partial<RecordView>,
): RecordView {
  const { event, action, granted, trace, links } = normalised;
  return {
    ...event,
    action,
    granted,
    ...(trace !== undefined && { trace }),
    ...(links !== undefined && { links }),
    ...classification,
    ...(openedBy !== undefined && { opened_by: openedBy }),
    ...more,
  };
}
