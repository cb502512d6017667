/** What an append would make of the log: the batch to stage and the head that would name it. */
import type { AppendEntry } from "./append-entry.ts";
import type { Head } from "./head.ts";
import { rootOf } from "./merkle.ts";
import type { StagedBatch } from "./staged-batch.ts";
import { type Edge, growEdge, rangeOf } from "./tiles.ts";

export interface BatchPlan {
  readonly batch: StagedBatch;
  readonly edge: Edge;
  readonly head: Omit<Head, "staged" | "commit">;
}

export function planBatch(parts: {
  readonly origin: string;
  readonly head: Head | undefined;
  readonly edge: Edge;
  readonly entries: readonly AppendEntry[];
  readonly now: number;
}): BatchPlan {
  const { origin, head, entries } = parts;
  const { edge, created, carried } = growEdge(
    parts.edge,
    entries.map((entry) => entry.bytes),
  );
  const range = rangeOf(edge);
  const { size } = edge;
  const root = rootOf(range);
  // Writers' clocks differ. Commit times that never fall make a range of time a range of entries.
  const time = Math.max(parts.now, head?.updated ?? 0);
  return {
    batch: {
      origin,
      time,
      from: parts.edge.size,
      size,
      root,
      created,
      carried,
      entries: entries.map((entry) => entry.index),
      findings: entries.flatMap((entry) => entry.findings),
    },
    edge,
    head: { origin, version: (head?.version ?? 0) + 1, size, root, edge: range.hashes, updated: time },
  };
}
