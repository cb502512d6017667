/** An example of a rule: what it must match, or must ignore. */
import type { Configuration } from "../configuration/configuration.ts";
import type { EventIndex } from "../evidence/event-index.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { SessionIndex } from "../record/session-holder.ts";
import type { Candidate } from "./detection.ts";

/** A file of match/ or ignore/, parsed: see `exampleCandidates`. */
export interface RuleExample {
  readonly file: string;
  readonly record: unknown;
}

export interface ExampleWorld {
  /** The organisation that the examples are about. */
  readonly configuration: Configuration;
  /** An empty index of one's own. */
  createIndex(): EventIndex & DeliveryIndex & SessionIndex;
}

/** One way in which the events of an example may arrive. */
export interface Arriving {
  /** Such as "when its messages arrive one by one"; empty where there is one way only. */
  readonly how: string;
  readonly candidates: readonly Candidate[];
}
