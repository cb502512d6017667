/** The records of a batch as rules see them: each with what the batch, the index and the organisation say of it. */
import type { Changes } from "../changes/describe-change.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { RecordView } from "../detections/record-view.ts";
import type { GrantsAround } from "../grants/recent-grants.ts";
import { batchEntries } from "./batch-entries.ts";
import { type ContextOf, contextReader } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { type DeliveryViewer, deliveryViewer, type FoundDelivery } from "./delivery-view.ts";
import { type PreparedRecord, viewOf } from "./prepare-record.ts";
import { changesOf, type RecordedEvents, type StatesSeen } from "./state-before.ts";

export interface ViewedRecord<T extends PreparedRecord> {
  readonly record: T;
  readonly view: RecordView;
  readonly trace?: string;
  readonly delivery?: Delivery;
  readonly changes?: Changes;
}

interface ViewWorld<T extends PreparedRecord> {
  /** For as long as nothing is written. */
  readonly index: DeliveryIndex;
  /** The log, where the state before a change is read. Without it, only events of the same batch tell one. */
  readonly events?: RecordedEvents | undefined;
  /** Carries out a step on one record. What it answers with undefined for is left out. */
  attempt<R>(record: T, step: () => R): Promise<R | undefined>;
}

/** Records are given in the order of their time. */
export type ViewRecords = <T extends PreparedRecord>(
  records: readonly T[],
  world: ViewWorld<T>,
) => Promise<ViewedRecord<T>[]>;

export function recordViewer(configuration: Configuration, grantsAround?: GrantsAround): ViewRecords {
  const organisation = {
    contextOf: contextReader(configuration),
    deliveries: deliveryViewer(configuration, grantsAround),
  };
  return (records, world) => viewAll(records, world, organisation);
}

interface Organisation {
  readonly contextOf: ContextOf;
  readonly deliveries: DeliveryViewer;
}

async function viewAll<T extends PreparedRecord>(
  records: readonly T[],
  { index, events, attempt }: ViewWorld<T>,
  organisation: Organisation,
): Promise<ViewedRecord<T>[]> {
  const batch = batchEntries(records.map(({ entry }) => entry));
  const states: StatesSeen = new Map();
  const viewed: ViewedRecord<T>[] = [];
  for (const record of records) {
    const found = await organisation.deliveries.find(record.entry, batch, index);
    const trace = traceOf(record, found);
    // What is linked by now is linked for the events after it.
    if (trace !== undefined && record.entry.trace !== trace) batch.joinTrace(record.entry, trace);
    const describe = await changesOf(record, states, { index, events });
    const done = await attempt(record, () => view(record, { found, changes: describe?.() }, organisation));
    if (done !== undefined) viewed.push(done);
  }
  return viewed;
}

function traceOf({ entry }: PreparedRecord, { delivery, changed }: FoundDelivery): string | undefined {
  return entry.trace ?? delivery?.trace ?? changed?.trace;
}

function view<T extends PreparedRecord>(
  record: T,
  { found, changes }: { readonly found: FoundDelivery; readonly changes: Changes | undefined },
  { contextOf, deliveries }: Organisation,
): ViewedRecord<T> {
  const trace = traceOf(record, found);
  const context = contextOf(record);
  const told = { ...(trace !== undefined && { trace }), ...(changes !== undefined && { changes }) };
  const shown = deliveries.show(found, context);
  return {
    record,
    ...told,
    ...(found.delivery !== undefined && { delivery: found.delivery }),
    view: viewOf(record, {
      ...context,
      ...told,
      ...(found.isMergePush === true && { by_merge: true }),
      ...(shown !== undefined && { delivery: shown }),
    }),
  };
}
