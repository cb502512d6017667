/** Appending to a log in memory, against SHA-256 alone over the same bytes. */
import { hash, randomUUID } from "node:crypto";
import { memoryEventIndex } from "../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryStagingStore,
} from "../lib/adapters/memory-log-stores.ts";
import { type Append, createAppender } from "../lib/core/evidence/append.ts";
import type { AppendEntry } from "../lib/core/evidence/append-entry.ts";
import { compare } from "./compare.ts";
import type { Measurement } from "./measurement.ts";
import { distinctEntries } from "./record-path.ts";

const ENTRIES = 2_000;
const BATCHES = [10, 256, 1_000];

export async function measureAppend(): Promise<Measurement[]> {
  const entries = await distinctEntries(ENTRIES);
  const measurements: Measurement[] = [];
  for (const batch of BATCHES) {
    const { workMs, ratio } = await compare(
      () => {
        for (const { bytes } of entries) hash("sha256", bytes, "hex");
      },
      () => appendAll(emptyLog(), entries, batch),
    );
    measurements.push({
      benchmark: "append",
      work: `batches of ${batch.toLocaleString("en")} in memory`,
      value: ENTRIES / (workMs / 1000),
      unit: "entries/s",
      ratio: { value: ratio, to: "SHA-256" },
    });
  }
  return measurements;
}

function emptyLog(): Append {
  return createAppender({
    origin: "bench.example/0",
    heads: memoryHeadStore(),
    staging: memoryStagingStore(),
    evidence: memoryEvidenceStore(),
    index: memoryEventIndex(),
    findings: memoryFindingsQueue(),
    now: Date.now,
    newCommitId: randomUUID,
  });
}

async function appendAll(append: Append, entries: readonly AppendEntry[], batch: number): Promise<void> {
  for (let from = 0; from < entries.length; from += batch) await append(entries.slice(from, from + batch));
}
