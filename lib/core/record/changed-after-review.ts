/** A pull request that got another commit after its last review, and was merged like that. */
import type { BatchEntries } from "./batch-entries.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import { actsIn } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";

/** The sources' own words for new commits in a pull request. Others say of any change that it was updated, of its title too. */
const ADDS_COMMITS = /^(?:pull_request\.synchronize|pullRequestSourceBranchUpdated)$/;

/** Whether an event may be the last that is missing: nothing is asked about others. */
export function mayOutdateReview({ action, operation }: IndexEntry): boolean {
  return action === "source.merge" || ADDS_COMMITS.test(operation);
}

/** Of a merge, or of commits that are told after it. What nobody has reviewed at all is not outdated. */
export async function isReviewOutdated(entry: IndexEntry, batch: BatchEntries, index: DeliveryIndex): Promise<boolean> {
  const { trace } = entry;
  if (trace === undefined || !mayOutdateReview(entry) || actsIn([entry]).length === 0) return false;
  const time = timeOf(entry);
  // Later events of the batch are judged in their turn.
  const together = batch.ofTrace(trace).filter((other) => timeOf(other) <= time);
  const events = actsIn([...(await index.byTrace(trace)), ...together, entry]);
  const merged = lastTime(events.filter(({ action }) => action === "source.merge"));
  if (merged < time) return false;
  const before = events.filter((event) => timeOf(event) <= merged);
  const reviewed = lastTime(before.filter(({ action }) => action === "source.review"));
  const changed = lastTime(before.filter(({ operation }) => ADDS_COMMITS.test(operation)));
  return Number.isFinite(reviewed) && reviewed < changed;
}

/** Before all time where there is none. */
function lastTime(entries: readonly IndexEntry[]): number {
  return Math.max(...entries.map(timeOf));
}
