/** One message, read, redacted, normalised and classified: all that can be said of it without looking at another. */
import { hash } from "node:crypto";
import type { RecordView } from "../detections/record-view.ts";
import { parseMessage } from "../sources/message.ts";
import { eventId, lastingIdentity, normalise, type RawRecord, rawRecord } from "../sources/normalise.ts";
import { principalOf } from "../sources/principal.ts";
import { withOriginal } from "../sources/with-original.ts";
import type { NormalisedEvent } from "./audit-record.ts";
import type { Classification } from "./classify.ts";
import type { Finding } from "./finding.ts";
import type { IndexEntry } from "./index-entry.ts";
import { redact } from "./redact.ts";

export interface PreparedRecord {
  readonly normalised: NormalisedEvent;
  readonly classification: Classification;
  /** As it will be in the index, the trace aside where only other events tell it. */
  readonly entry: IndexEntry;
  /** For rules that speak the source's own language. */
  readonly raw: RawRecord;
  /** What Gatebook's own reviews found, carried by their events. */
  readonly findings: readonly Finding[];
}

/** @throws GatebookError `INPUT_INVALID` for what is no event, with the reason */
export async function prepareRecord(
  body: string,
  classify: (normalised: NormalisedEvent) => Classification,
): Promise<PreparedRecord> {
  const arrived = parseMessage(body);
  // Everything below works on the copy without secrets, so that none can slip into a field that a normaliser fills.
  const { value, redactions } = await redact(arrived.original);
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
  const classification = classify(normalised);
  return {
    normalised,
    classification,
    // The identity is that of the event as it arrived: rules of redaction change, and a redelivery must still be known.
    entry: toIndexEntry(normalised, classification, {
      id: eventId(arrived, event),
      identity: lastingIdentity(arrived, event),
    }),
    raw: rawRecord(message),
    findings: message.kind === "gatebook" ? (message.event.findings ?? []) : [],
  };
}

function toIndexEntry(
  { event, action, trace }: NormalisedEvent,
  { person }: Classification,
  { id, identity }: { readonly id: string; readonly identity: string | undefined },
): IndexEntry {
  const [target] = event.resources ?? [];
  const resource = target?.uid ?? target?.name;
  const issued = event.unmapped?.["issued_credential"];
  return {
    principal: principalOf(event),
    eventKey: `${new Date(event.time).toISOString()}#${id}`,
    ...(identity !== undefined && { identity }),
    action,
    operation: event.api?.operation ?? event.metadata.event_code,
    ...(person !== undefined && { person }),
    ...(resource !== undefined && { resource }),
    ...(trace !== undefined && { trace }),
    ...(event.status_id !== undefined && { status: event.status_id }),
    ...(action === "access.assume" && typeof issued === "string" && { issued }),
  };
}

/** What rules over the normalised record see of it. */
export function viewOf({ normalised: { event, ...rest }, classification }: PreparedRecord): RecordView {
  return { ...event, ...rest, ...classification };
}
