/** What the gate asks of the outside. */
import type { Configuration } from "../configuration/configuration.ts";
import type { EntryPlace } from "../evidence/entry-place.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { ShardState } from "./evidence-state.ts";

export interface GateWorld {
  readonly configuration: Configuration;
  readonly index: DeliveryIndex;
  /** The record at a place in the log; undefined where it cannot be read yet. */
  readonly recordAt: (place: EntryPlace) => Promise<AuditRecord | undefined>;
  /** Each shard of the evidence log as it stands. */
  readonly evidence: () => Promise<readonly ShardState[]>;
  /** Where decisions are recorded. */
  readonly intake: IntakeQueue;
  /** Rejects with `UNAVAILABLE` where the work takes too long for whoever waits at the gate. */
  readonly within: <T>(work: Promise<T>) => Promise<T>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}
