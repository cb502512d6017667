/** Who wrote what an execution delivers, and who reviewed it. */
import type { BatchEntries } from "./batch-entries.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { actsIn } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";
import { nodesAbove } from "./trace-graph.ts";

/** People by e-mail address, or principals that are nobody's. */
export interface Authors {
  readonly committers: readonly string[];
  readonly reviewers: readonly string[];
}

/** Opening a pull request or a merge request, and adding to it: the source's own words, as `api.operation` has them. */
const WRITES_CHANGE =
  /^(?:pull_request\.(?:opened|synchronize|reopened|create)|merge_request\.(?:open|update|reopen)|pullrequest:(?:created|updated)|git\.pullrequest\.created|pullRequest(?:Created|SourceBranchUpdated))$/;

/**
 * Who pushed the execution's commits. The author that a commit names is never asked: whoever makes a commit chooses it. Where a commit came
 * by the merge of a pull request, whoever merged it pushed nothing of their own: those who opened and filled the pull request wrote it.
 */
export async function findAuthors(execution: string, batch: BatchEntries, index: DeliveryIndex): Promise<Authors> {
  const events = actsIn(await sourceEvents(execution, batch, index));
  const merges = events.filter(({ action }) => action === "source.merge");
  const merged = new Set<string>();
  for (const { trace = "" } of merges) {
    for (const node of [...(await index.linksOf(trace)), ...batch.linksOf(trace)]) merged.add(node);
  }
  const isOwnPush = ({ action, trace = "" }: IndexEntry): boolean => action === "source.push" && !merged.has(trace);
  return {
    committers: whoIn(events.filter((event) => isOwnPush(event) || WRITES_CHANGE.test(event.operation))),
    reviewers: whoIn(events.filter(({ action }) => action === "source.review")),
  };
}

/** The events of an execution's commits, and of the pull requests that these came from. */
export async function sourceEvents(
  execution: string,
  batch: BatchEntries,
  index: DeliveryIndex,
): Promise<readonly IndexEntry[]> {
  const nodes = (await nodesAbove(execution, batch, index)).filter((node) => node !== execution);
  const told = await Promise.all(nodes.map((node) => index.byTrace(node)));
  return [...told.flat(), ...nodes.flatMap((node) => batch.ofTrace(node))];
}

/** One name for each: the person's where there is one. */
export function whoIn(entries: readonly IndexEntry[]): string[] {
  return [...new Set(entries.map(({ person, principal }) => person ?? principal))];
}
