/** What the gate asks of the outside. */
import type { Configuration } from "../configuration/configuration.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import type { GrantsAround } from "../grants/recent-grants.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { ShardState } from "./shard-trees.ts";

export interface GateWorld {
  readonly configuration: Configuration;
  readonly index: DeliveryIndex;
  /** Each shard of the evidence log as it stands. */
  readonly evidence: () => Promise<readonly ShardState[]>;
  /** What the log's first shard is signed with. */
  readonly verifierKey: () => Promise<VerifierKey>;
  /** Who is a release manager for a while. */
  readonly grants: GrantsAround;
  /** Where decisions are recorded. */
  readonly intake: IntakeQueue;
  /** Rejects with `UNAVAILABLE` where the work takes too long for whoever waits at the gate. */
  readonly within: <T>(work: Promise<T>) => Promise<T>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}
