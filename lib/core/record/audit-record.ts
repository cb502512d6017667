/** The audit record: the unit of evidence. It is encoded once, and those bytes are the evidence. */
import type { AccessDecision } from "../access/access-decision.ts";
import type { MfaKnowledge } from "../access/mfa.ts";
import type { Changes } from "../changes/describe-change.ts";
import type { DeliveryAction } from "./delivery-action.ts";
import type { Finding } from "./finding.ts";
import type { Granted } from "./granted.ts";
import type { IndexRemainder } from "./index-remainder.ts";
import type { OcsfEvent } from "./ocsf.ts";

/** What a source's normaliser makes of one event. */
export interface NormalisedEvent {
  readonly event: OcsfEvent;
  readonly action: DeliveryAction;
  readonly granted: Granted;
  /** What ties a delivery together, where this event names it: a pipeline execution's id, or a node of `trace-nodes.ts`. */
  readonly trace?: string;
  /** Other nodes that this event says its trace belongs with: the commit of an execution, the builds that it ran. */
  readonly links?: readonly string[];
}

export interface AuditRecord extends NormalisedEvent {
  readonly v: 1;
  /** E-mail address of the person behind the principal, from gatebook.yml. */
  readonly person?: string;
  /** Names of the sensitive components that the event touches. */
  readonly components: readonly string[];
  /** What the access policy says of it. */
  readonly access: AccessDecision;
  /** The session that the emergency access was used in, of what was done with it: see lib/core/break-glass. */
  readonly breakGlass?: string;
  /** What was known of the second factor behind it, where gatebook.yml asks for one. */
  readonly mfa?: MfaKnowledge;
  /** What the event changed, from the state before to the state after. */
  readonly changes?: Changes;
  readonly findings: readonly Finding[];
  /** Where `raw_data` lies when the record is too large to hold it: `payload/<sha256>` beside the log. */
  readonly payload?: { readonly sha256: string; readonly bytes: number };
  /** Of what the index says of the event, what does not follow from the rest of the record: the index can be made anew from the log. */
  readonly index?: IndexRemainder;
}
