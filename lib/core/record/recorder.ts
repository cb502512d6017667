/** From messages to what the log appends: parse, redact, normalise, classify, detect, encode. */

import type { Changes } from "../changes/describe-change.ts";
import { placeholdersOf } from "../configuration/placeholders.ts";
import { type CompiledRule, compileRule } from "../detections/compile-rule.ts";
import { detect } from "../detections/detect.ts";
import type { RecordView } from "../detections/record-view.ts";
import { toFinding } from "../detections/to-finding.ts";
import { GatebookError } from "../errors.ts";
import { type AppendEntry, checkAppendEntry } from "../evidence/append-entry.ts";
import type { Fingerprint } from "../redaction/secret-range.ts";
import type { Settings } from "../settings.ts";
import type { AuditRecord } from "./audit-record.ts";
import { type BatchEntries, batchEntries } from "./batch-entries.ts";
import { classifier } from "./classify.ts";
import { clip } from "./clip.ts";
import { type Delivery, findDelivery } from "./delivery.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { encodeRecord } from "./encode-record.ts";
import { type Finding, LEVELS } from "./finding.ts";
import { type PreparedRecord, prepareRecord, viewOf } from "./prepare-record.ts";
import { redactText } from "./redact.ts";
import { rememberDeliveries } from "./remember-deliveries.ts";
import { secretsInCommits } from "./secret-in-commit.ts";
import { nameHolders, type SessionIndex } from "./session-holder.ts";
import { changesOf, type RecordedEvents, type StatesSeen } from "./state-before.ts";

/** Of a text in a finding: names come from outside, and a mail of a megabyte reaches nobody. */
const FINDING_BOUNDS = { characters: 2_048, items: 50 };

/** Of the reason why a message was put aside, which travels with it in a queue and a log line. */
const REASON_BOUNDS = { characters: 1_024, items: 0 };

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
  readonly settings: Settings;
  readonly index: DeliveryIndex & SessionIndex;
  /** The log, where the state before a change is read. Without it, only events of the same batch tell one. */
  readonly events?: RecordedEvents;
  /** Asked for at the start of each batch; where it rejects, so does the batch, which then comes again. Without it, markers are plain. */
  readonly fingerprint?: () => Promise<Fingerprint>;
}

/** Events of one batch know of each other, in whichever order they came. */
export function createRecorder({
  settings: { configuration, rules },
  index,
  events,
  fingerprint,
}: RecorderWorld): Record {
  const classify = classifier(configuration);
  const placeholders = placeholdersOf(configuration);
  const compiled = rules.map((rule) => compileRule(rule, placeholders));

  return async (arrivals) => {
    const mark = await fingerprint?.();
    const known = rememberDeliveries(index);
    const rejected: Rejected[] = [];
    const attempt = async <T>({ id, body }: Arrival, step: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await step();
      } catch (error) {
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
    const batch = batchEntries(records.map(({ entry }) => entry));
    const states: StatesSeen = new Map();

    const recorded: Recorded[] = [];
    for (const { arrival, ...record } of records) {
      const delivery = await deliveryOf(record, batch, known);
      // What is linked by now is linked for the events after it.
      if (delivery !== undefined) batch.joinTrace(record.entry, delivery.trace);
      const changes = await changesOf(record, states, { index: known, events });
      const done = await attempt(arrival, async () =>
        complete(arrival.id, record, { delivery, changes: changes?.() }, compiled),
      );
      if (done !== undefined) recorded.push(done);
    }
    return { recorded, rejected };
  };
}

/** Only starts and approvals ask: nothing else is judged by who else acted. */
async function deliveryOf(
  { entry }: PreparedRecord,
  batch: BatchEntries,
  deliveries: DeliveryIndex,
): Promise<Delivery | undefined> {
  const isAsked =
    entry.action === "pipeline.start" || entry.action === "pipeline.approve" || entry.action === "pipeline.reject";
  return isAsked ? findDelivery(entry, batch, deliveries) : undefined;
}

function complete(
  id: string,
  prepared: PreparedRecord,
  { delivery, changes }: { readonly delivery: Delivery | undefined; readonly changes: Changes | undefined },
  rules: readonly CompiledRule[],
): Recorded {
  const trace = prepared.entry.trace ?? delivery?.trace;
  const findings = [...prepared.findings, ...findingsOf(prepared, delivery, trace, rules)].map((finding) =>
    clip(finding, FINDING_BOUNDS),
  );
  const { person, components } = prepared.classification;
  const record: AuditRecord = {
    v: 1,
    ...prepared.normalised,
    ...(trace !== undefined && { trace }),
    ...(person !== undefined && { person }),
    components,
    access: { outcome: "not-applicable" },
    ...(changes !== undefined && { changes }),
    findings,
  };
  const level = LEVELS.findLast((candidate) => findings.some((finding) => finding.level === candidate));
  const index = {
    ...prepared.entry,
    ...(trace !== undefined && { trace }),
    ...(level !== undefined && { finding: level }),
  };
  const append = { ...encodeRecord(record, index), index, findings };
  checkAppendEntry(append);
  return { id, record, append };
}

function findingsOf(
  prepared: PreparedRecord,
  delivery: Delivery | undefined,
  trace: string | undefined,
  rules: readonly CompiledRule[],
): Finding[] {
  const view = {
    ...viewOf(prepared),
    ...(trace !== undefined && { trace }),
    ...(delivery && { delivery: peopleOf(delivery) }),
  };
  const named = nameApprover(view, delivery);
  const matches = detect(rules, { raw: prepared.raw, view }).map(({ rule }) => toFinding(rule, named));
  return [...secretsInCommits(view, prepared), ...matches];
}

function peopleOf({ starters, approvers, committers, reviewers }: Delivery) {
  return { starters, approvers, committers, reviewers };
}

/** Where the pipeline itself says that an approval was given, the alert names the person who gave it. */
function nameApprover(view: RecordView, delivery: Delivery | undefined): RecordView {
  if (delivery?.approval === undefined) return view;
  const { principal, person, operation } = delivery.approval;
  return {
    ...view,
    actor: { user: { uid: principal } },
    api: { operation },
    granted: { by: "unknown" },
    ...(person !== undefined && { person }),
  };
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
