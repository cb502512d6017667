/** What else is on record of the delivery that is looked at again. */
import { keyName } from "../evidence/event-index.ts";
import { NO_ENTRIES } from "../record/batch-entries.ts";
import { isKindOfChange } from "../record/changed-after-approval.ts";
import { eventsOfPipeline } from "../record/delivery-facts.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { timeOf } from "../record/entry-time.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { nodesAbove } from "../record/trace-graph.ts";
import { SECOND_LOOK } from "./second-look-event.ts";

/** Each is an entry fetched from the log: after an approval, a pipeline tells of a dozen actions. */
const MAX_CHANGES = 32;
/** Beyond it, something may be said twice. */
const MAX_SAYING = 128;

export interface EntriesAround {
  /** After an approval, those that may have changed what was approved, oldest first. */
  readonly changes: readonly IndexEntry[];
  /** Those that findings are on record of, and earlier second looks. */
  readonly saying: readonly IndexEntry[];
}

export async function entriesAround(own: IndexEntry, trace: string, index: DeliveryIndex): Promise<EntriesAround> {
  const nodes = await nodesAbove(trace, NO_ENTRIES, index);
  const told = (await Promise.all(nodes.map((node) => index.byTrace(node)))).flat();
  const isApproval = own.action === "pipeline.approve";
  const edits = isApproval
    ? (await eventsOfPipeline(own, index)).filter(({ action }) => action === "pipeline.edit")
    : [];
  const others = new Map([...told, ...edits].map((entry) => [keyName(entry), entry]));
  others.delete(keyName(own));
  const sorted = [...others.values()].sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
  const isLater = (entry: IndexEntry): boolean => timeOf(entry) > timeOf(own);
  return {
    changes: isApproval ? sorted.filter((entry) => isLater(entry) && isKindOfChange(entry)).slice(0, MAX_CHANGES) : [],
    saying: sorted.filter(isSaying).slice(-MAX_SAYING),
  };
}

function isSaying({ finding, operation }: IndexEntry): boolean {
  return finding !== undefined || operation === SECOND_LOOK;
}
