/** What is done for a committed batch: its objects, its index entries, its findings. Doing it again changes nothing. */
import { looksOf } from "../second-look/looks-of.ts";
import type { PendingLooks } from "../second-look/pending-looks.ts";
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
  /** Where it is noted what is to be looked at again. Without it, nothing is. */
  readonly looks?: Pick<PendingLooks, "note">;
}

/** The index comes after the objects, so that what search finds can be proved, and findings last, so that an alert's event can be found. */
export async function carryOut({ evidence, index, findings, looks }: BatchPorts, batch: StagedBatch): Promise<void> {
  await createObjects(evidence, batch.created);
  await index.write(batch);
  const again = looks === undefined ? [] : looksOf(batch);
  if (again.length > 0) await looks?.note(again);
  if (batch.findings.length > 0) await findings.send(batch.findings);
}

export async function createObjects(evidence: EvidenceStore, objects: readonly LogObject[]): Promise<void> {
  await concurrently(MAX_CONCURRENT_PUTS, objects, ({ path, bytes, contentType }) =>
    evidence.create(path, bytes, contentType),
  );
}
