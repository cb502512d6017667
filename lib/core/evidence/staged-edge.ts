/** The right edge that a head's staged batch holds, once the two are shown to belong together. */
import { GatebookError } from "../errors.ts";
import type { Head } from "./head.ts";
import { rootOf } from "./merkle.ts";
import type { StagedBatch } from "./staged-batch.ts";
import { type Edge, rangeOf, readEdge } from "./tiles.ts";

/** @throws LOG_CORRUPT when the batch is another log's, or its partials do not hash to the head's root */
export function edgeOfHead(head: Head, batch: StagedBatch): Edge {
  const partials = new Map([...batch.created, ...batch.carried].map(({ path, bytes }) => [path, bytes]));
  const edge = readEdge(head.size, (path) => partials.get(path));
  const range = rangeOf(edge);
  const agrees =
    batch.origin === head.origin &&
    batch.size === head.size &&
    batch.root === head.root &&
    rootOf(range) === head.root &&
    range.hashes.join() === head.edge.join();
  if (!agrees) {
    throw new GatebookError(
      "LOG_CORRUPT",
      `the head of ${head.origin} at ${head.size} entries and its batch ${head.staged} contradict each other`,
    );
  }
  return edge;
}
