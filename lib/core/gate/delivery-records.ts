/** The records of a delivery that the gate goes by, out of all that its traces have. */
import type { Configuration } from "../configuration/configuration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { actsIn } from "../record/execution-events.ts";
import { isAtLeast, type Level } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { isOfEnvironment } from "./decided-elsewhere.ts";
import { GATE, OVERRIDDEN } from "./gate-event.ts";
import { type Known, knownOf } from "./known.ts";
import { type ReadRecords, readRecords } from "./record-reader.ts";
import type { ShardState } from "./shard-trees.ts";

/** Records fetched for one question: a delivery has a few starts and approvals. Whoever makes more hides what is among them. */
const MAX_RECORDS = 100;
/** The last ones: each counts for hours. */
const MAX_OVERRIDES = 10;

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
      (isOpenToQuestion(entry) && isAtLeast(entry.finding, gate.minimumFindingLevel)) ||
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

/**
 * The overrides of a delivery of which the rest cannot be known, such as one with too many events: that is when it takes one.
 *
 * @returns none where they cannot be known either
 */
export async function overridesOf(
  trace: string,
  shards: readonly ShardState[],
  { index, within }: { readonly index: DeliveryIndex; readonly within: <T>(work: Promise<T>) => Promise<T> },
): Promise<readonly AuditRecord[]> {
  const find = async (): Promise<AuditRecord[]> => {
    const given = (await index.byTrace(trace)).filter(({ operation }) => operation === OVERRIDDEN);
    return (await readRecords(shards, given.slice(-MAX_OVERRIDES))).records.map(({ record }) => record);
  };
  const found = await knownOf("whether it was overridden", () => within(find()));
  return "known" in found ? found.known : [];
}

/** Its own findings are no reasons, and a release that is tried again and again has one each time. */
function isOpenToQuestion(entry: IndexEntry): entry is IndexEntry & { readonly finding: Level } {
  return entry.finding !== undefined && entry.principal !== GATE.principal;
}

function isStartOrApproval({ action }: IndexEntry): boolean {
  return action === "pipeline.start" || action === "pipeline.approve";
}

function byTime(a: IndexEntry, b: IndexEntry): number {
  return a.eventKey < b.eventKey ? -1 : 1;
}
