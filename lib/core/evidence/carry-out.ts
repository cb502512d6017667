/** What is done for a committed batch: its objects, its index entries, its findings. Doing it again changes nothing. */
import { concurrently } from "./concurrently.ts";
import type { EventIndex } from "./event-index.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { FindingsQueue } from "./findings-queue.ts";
import type { LogObject } from "./log-object.ts";
import type { StagedBatch } from "./staged-batch.ts";

const MAX_CONCURRENT_PUTS = 16;

export interface BatchPorts {
  readonly evidence: EvidenceStore;
  readonly index: EventIndex;
  readonly findings: FindingsQueue;
}

/** The index comes after the objects, so that what search finds can be proved, and findings last, so that an alert's event can be found. */
export async function carryOut({ evidence, index, findings }: BatchPorts, batch: StagedBatch): Promise<void> {
  await createObjects(evidence, batch.created);
  await index.write(batch);
  if (batch.findings.length > 0) await findings.send(batch.findings);
}

export async function createObjects(evidence: EvidenceStore, objects: readonly LogObject[]): Promise<void> {
  await concurrently(MAX_CONCURRENT_PUTS, objects, ({ path, bytes, contentType }) =>
    evidence.create(path, bytes, contentType),
  );
}
