/** The records of a delivery that the gate goes by, out of all that its traces have. */
import type { Configuration } from "../configuration/configuration.ts";
import { actsIn } from "../record/execution-events.ts";
import { isAtLeast } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { isOfEnvironment } from "./decided-elsewhere.ts";
import { OVERRIDDEN } from "./gate-event.ts";
import { type Known, knownOf } from "./known.ts";
import { type ReadRecords, readRecords } from "./record-reader.ts";
import type { ShardState } from "./shard-trees.ts";

/** Records fetched for one question: a delivery has a few starts and approvals. Whoever makes more hides what is among them. */
const MAX_RECORDS = 100;

export interface DeliveryRecords extends ReadRecords {
  /** Pushes, reviews and the like that the index alone tells of, since there are too many. */
  readonly unread: number;
}

export const NO_RECORDS: DeliveryRecords = { records: [], unproven: [], unread: 0 };

/** Starts, approvals, overrides and findings are all read, or it is not known; whatever else people did for it, as far as there is room. */
export async function recordsOf(
  entries: readonly IndexEntry[],
  shards: readonly ShardState[],
  { gate, within }: { readonly gate: Configuration["gate"]; readonly within: <T>(work: Promise<T>) => Promise<T> },
): Promise<Known<DeliveryRecords>> {
  const acts = actsIn(entries);
  const asked = entries.filter(
    (entry) =>
      entry.operation === OVERRIDDEN ||
      (entry.finding !== undefined && isAtLeast(entry.finding, gate.minimumFindingLevel)) ||
      isOfEnvironment(entry) ||
      (acts.includes(entry) && isStartOrApproval(entry)),
  );
  const what = "the records of the delivery";
  if (asked.length > MAX_RECORDS) {
    return {
      unknown: `${what}: ${asked.length} starts, approvals and findings are more than can be looked at in time`,
    };
  }
  const others = acts.filter((entry) => !asked.includes(entry));
  const read = [...asked, ...others.slice(0, MAX_RECORDS - asked.length)].toSorted(byTime);
  const unread = asked.length + others.length - read.length;
  return knownOf(what, async () => ({ ...(await within(readRecords(shards, read))), unread }));
}

function isStartOrApproval({ action }: IndexEntry): boolean {
  return action === "pipeline.start" || action === "pipeline.approve";
}

function byTime(a: IndexEntry, b: IndexEntry): number {
  return a.eventKey < b.eventKey ? -1 : 1;
}
