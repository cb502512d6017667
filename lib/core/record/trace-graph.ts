/** Which traces belong to one delivery: what an execution was made of, and what it brought about. */
import type { BatchEntries } from "./batch-entries.ts";
import type { DeliveryIndex } from "./delivery-index.ts";

/** Of one delivery: a merge train has tens. Beyond it the rest is left out, so that a commit deployed a thousand times stays readable. */
export const MAX_NODES = 64;

/**
 * Change, commit, execution, work: each is made of those before it. A delivery is never looked for across: two executions of one commit are
 * two deliveries.
 */
const CHANGE = 0;
const COMMIT = 1;
const EXECUTION = 2;
const WORK = 3;
/** What was done under a grant is found from it; no delivery is made of it, and none leads through it to another. */
const GRANT = 4;

/** How near a trace is to the change that all of it is made of: 0 to 4, a digit in the index. */
export function rankOf(node: string): number {
  if (node.startsWith("commit:")) return COMMIT;
  if (node.startsWith("grant:")) return GRANT;
  if (/^code(?:build|deploy):/.test(node)) return WORK;
  return /\/(?:pull|merge_requests|pull-requests|pullrequest)\/\d+$/.test(node) ? CHANGE : EXECUTION;
}

/** A pull request. */
export function isChange(node: string): boolean {
  return rankOf(node) === CHANGE;
}

export function isCommit(node: string): boolean {
  return rankOf(node) === COMMIT;
}

/** Of a pipeline or a workflow. */
export function isExecution(node: string): boolean {
  return rankOf(node) === EXECUTION;
}

/** The node itself and what it is made of: an execution's commits, and the pull requests that these came from. */
export function nodesAbove(node: string, batch: BatchEntries, index: DeliveryIndex): Promise<string[]> {
  return walk(node, batch, index, (from, to) => rankOf(from) < GRANT && rankOf(to) < rankOf(from));
}

/** The node itself and what came of it: a commit's executions, their builds and deployments; of a grant, what was done under it. */
export function nodesBelow(node: string, batch: BatchEntries, index: DeliveryIndex): Promise<string[]> {
  const isGrant = rankOf(node) === GRANT;
  return walk(node, batch, index, (from, to) => (isGrant && from === node) || rankOf(to) > rankOf(from));
}

async function walk(
  start: string,
  batch: BatchEntries,
  index: DeliveryIndex,
  isNext: (from: string, to: string) => boolean,
): Promise<string[]> {
  const nodes = new Set([start]);
  for (const node of nodes) {
    for (const next of [...(await index.linksOf(node)), ...batch.linksOf(node)]) {
      if (nodes.size >= MAX_NODES) return [...nodes];
      if (isNext(node, next)) nodes.add(next);
    }
  }
  return [...nodes];
}
