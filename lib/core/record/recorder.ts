/** From messages to what the log appends: parse, redact, normalise, classify, detect, encode. */

import type { AccessControl } from "../access/judge-access.ts";
import { mfaReader } from "../access/know-mfa.ts";
import type { MfaIndex } from "../access/mfa-index.ts";
import { type EmergencyOf, emergencyReader } from "../break-glass/emergency-session.ts";
import { placeholdersOf } from "../configuration/placeholders.ts";
import type { DetectionMemory } from "../detections/memory/detection-memory.ts";
import { GatebookError } from "../errors.ts";
import { type AppendEntry, checkAppendEntry } from "../evidence/append-entry.ts";
import type { EventIndex } from "../evidence/event-index.ts";
import type { Fingerprint } from "../redaction/secret-range.ts";
import type { Settings } from "../settings.ts";
import type { AuditRecord } from "./audit-record.ts";
import { classifier } from "./classify.ts";
import { clip } from "./clip.ts";
import { type Decided, recordDecider } from "./decide-record.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { batchDetector } from "./detect-batch.ts";
import { encodeRecord } from "./encode-record.ts";
import { type Finding, highestLevel } from "./finding.ts";
import { type PreparedRecord, prepareRecord } from "./prepare-record.ts";
import { levelRaiser } from "./raise-level.ts";
import { redactText } from "./redact.ts";
import { rememberDeliveries } from "./remember-deliveries.ts";
import { nameHolders, type SessionIndex } from "./session-holder.ts";
import type { RecordedEvents } from "./state-before.ts";
import { recordViewer, type ViewedRecord } from "./view-records.ts";

/** Of a text in a finding: names come from outside, and a mail of a megabyte reaches nobody. */
const FINDING_BOUNDS = { characters: 2_048, items: 50 };

/** Of the reason why a message was put aside, which travels with it in a queue and a log line. */
const REASON_BOUNDS = { characters: 1_024, items: 0 };

const MINUTE_MS = 60 * 1000;

/** One message as a queue delivers it. */
export interface Arrival {
  readonly id: string;
  readonly body: string;
}

interface Recorded {
  readonly id: string;
  readonly record: AuditRecord;
  readonly append: AppendEntry;
}

/** What is no event, or nothing that we can read: it is put aside with the reason, and never holds up the others. */
export interface Rejected {
  readonly id: string;
  readonly body: string;
  readonly reason: string;
}

export type Record = (arrivals: readonly Arrival[]) => Promise<{ recorded: Recorded[]; rejected: Rejected[] }>;

export interface RecorderWorld {
  readonly settings: Pick<Settings, "configuration" | "rules">;
  /** Without it, no policy is in force. */
  readonly access?: AccessControl;
  readonly index: DeliveryIndex & SessionIndex & Pick<EventIndex, "known">;
  /** What accounts' second factors are known by. Without it, the batch is all there is. */
  readonly mfa?: MfaIndex;
  /** What rules remember from batch to batch. Without it, each batch is all there is: a backtest. */
  readonly memory?: DetectionMemory;
  /** The log, where the state before a change is read. Without it, only events of the same batch tell one. */
  readonly events?: RecordedEvents;
  /** Asked for at the start of each batch; where it rejects, so does the batch, which then comes again. Without it, markers are plain. */
  readonly fingerprint?: () => Promise<Fingerprint>;
}

/** Events of one batch know of each other, in whichever order they came. */
export function createRecorder({
  settings: { configuration, rules },
  access,
  index,
  mfa,
  memory,
  events,
  fingerprint,
}: RecorderWorld): Record {
  const classify = classifier(configuration);
  const viewRecords = recordViewer(configuration, access?.grantsAround);
  const placeholders = placeholdersOf(configuration);
  const raise = levelRaiser(configuration);
  const emergencyOf = emergencyReader(configuration);
  const decide = recordDecider(access, { configuration, rules });
  const latenessMs = configuration.detections.latenessMinutes * MINUTE_MS;
  const detectBatch = batchDetector({ rules, placeholders, memory, latenessMs, index });

  return async (arrivals) => {
    const mark = await fingerprint?.();
    const known = rememberDeliveries(index);
    const rejected: Rejected[] = [];
    const attempt = async <T>({ id, body }: Arrival, step: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await step();
      } catch (error) {
        // What a store has to say is missing: the event is fine, and comes again with its batch.
        if (error instanceof GatebookError && error.code === "UNAVAILABLE") throw error;
        rejected.push({ id, body, reason: await explain(error) });
        return undefined;
      }
    };
    const prepared: (PreparedRecord & { readonly arrival: Arrival })[] = [];
    for (const arrival of arrivals) {
      const record = await attempt(arrival, () => prepareRecord(arrival.body, classify, mark));
      if (record !== undefined) prepared.push({ ...record, arrival });
    }
    // By time, not by arrival: the log then reads as it happened, as far as one batch can tell.
    prepared.sort((a, b) => a.normalised.event.time - b.normalised.event.time);
    const records = await nameHolders(prepared, index);
    const viewed = await viewRecords(records, {
      index: known,
      events,
      attempt: ({ arrival }, step) => attempt(arrival, async () => step()),
    });

    const failures = new Map<number, unknown>();
    const findings = await detectBatch(viewed, (position, error) => failures.set(position, error));
    const knowMfa = mfaReader(
      records.map(({ entry }) => entry),
      mfa,
    );
    const recorded: Recorded[] = [];
    for (const [position, each] of viewed.entries()) {
      const { arrival } = each.record;
      const done = await attempt(arrival, async () => {
        if (failures.has(position)) throw failures.get(position);
        return complete(
          arrival.id,
          each,
          await decide(each, [...each.record.findings, ...(findings[position] ?? [])], knowMfa),
          { raise, emergencyOf },
        );
      });
      if (done !== undefined) recorded.push(done);
    }
    return { recorded, rejected };
  };
}

function complete(
  id: string,
  viewed: ViewedRecord<PreparedRecord>,
  { access, mfa, findings: found }: Decided,
  { raise, emergencyOf }: { raise: (finding: Finding) => Finding; emergencyOf: EmergencyOf },
): Recorded {
  const { record: prepared, trace, changes } = viewed;
  const grant = access.outcome === "not-applicable" ? undefined : access.grant;
  const findings = found.map((finding) => clip(raise(finding), FINDING_BOUNDS));
  const emergency = emergencyOf(viewed.view);
  const breakGlass = emergency !== undefined && { breakGlass: emergency };
  const { person, components } = prepared.classification;
  const record: AuditRecord = {
    v: 1,
    ...prepared.normalised,
    ...tied(trace, prepared.normalised.links, grant),
    ...(person !== undefined && { person }),
    components,
    access,
    ...breakGlass,
    ...(mfa !== undefined && { mfa }),
    ...(changes !== undefined && { changes }),
    findings,
  };
  const level = highestLevel(findings);
  const index = {
    ...prepared.entry,
    ...tied(trace, prepared.entry.links, grant),
    ...breakGlass,
    ...(level !== undefined && { finding: level }),
  };
  const append = { ...encodeRecord(record, index), index, findings };
  checkAppendEntry(append);
  return { id, record, append };
}

/** What is done under a grant belongs to its trace, or with it where it belongs to a delivery. */
function tied(trace: string | undefined, links: readonly string[] = [], grant: string | undefined) {
  if (trace === undefined || grant === undefined) {
    const only = trace ?? grant;
    return { ...(only !== undefined && { trace: only }) };
  }
  return { trace, links: [...links, grant] };
}

/** The reason goes to a queue and a log, which are no evidence but are read: no secret of the message may travel in it. */
async function explain(error: unknown): Promise<string> {
  const isOurs = error instanceof GatebookError;
  const message = error instanceof Error ? error.message : String(error);
  const { text } = await redactText(
    isOurs ? message : `Gatebook failed on this message, which is a fault of its own: ${message}`,
  );
  return clip(text, REASON_BOUNDS);
}
