/** A push that a merge made: code hosts tell of both, and the merge is what somebody did. */
import type { BatchEntries } from "./batch-entries.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import { actsIn } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";
import { isChange } from "./trace-graph.ts";

/** Between the two: the same moment, told by two clocks. */
const TOLD_WITHIN_MS = 60_000;

/**
 * Whether the commit came by a pull request that the same principal merged in the same moment. What is told before its merge is taken for a
 * push of their own, unless both arrive together.
 */
export async function isMergePush(push: IndexEntry, batch: BatchEntries, index: DeliveryIndex): Promise<boolean> {
  const { trace, principal, action } = push;
  if (action !== "source.push" || trace === undefined) return false;
  const nodes = [...(await index.linksOf(trace)), ...batch.linksOf(trace)].filter(isChange);
  for (const node of new Set(nodes)) {
    const events = actsIn([...(await index.byTrace(node)), ...batch.ofTrace(node)]);
    const isMerged = events.some(
      (event) =>
        event.action === "source.merge" &&
        event.principal === principal &&
        Math.abs(timeOf(event) - timeOf(push)) <= TOLD_WITHIN_MS,
    );
    if (isMerged) return true;
  }
  return false;
}
