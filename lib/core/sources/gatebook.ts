/** What Gatebook itself does, to OCSF API Activity: reviews, decisions, deactivations, changes of rules and policies, drills. */
import * as z from "zod";
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { DeliveryAction } from "../record/delivery-action.ts";
import { FindingSchema, GrantedSchema } from "../record/finding-schema.ts";
import { ACTIVITY_OTHER, API_ACTIVITY, SUCCESS, USER_TYPE } from "../record/ocsf.ts";
import { defined, read } from "./fields.ts";
import { MAX_TIME_MS } from "./github/github-schema.ts";
import type { JsonObject } from "./json.ts";
import { classPart, metadata } from "./ocsf-event.ts";
import { boundedPrincipal } from "./principal.ts";

const words = z.string().min(1);

/** Strict where the others are liberal: it is our own word, and a slip in it is our own bug. */
const OwnEvent = z.object({
  uid: words,
  time: z.int().min(0).max(MAX_TIME_MS),
  type: words,
  principal: words,
  /** How whoever did it was let in, where it is known better than that it was a request to Gatebook. */
  granted: z.exactOptional(GrantedSchema),
  resource: z.exactOptional(words),
  /** The delivery that it is about, or a trace of its own. */
  trace: z.exactOptional(words),
  /** Other traces that its own belongs with: the grant that it was done under. */
  links: z.exactOptional(z.array(words)),
  message: z.string(),
  findings: z.exactOptional(z.array(FindingSchema)),
  /** What a later reader of the log needs that no other member says: what a hold is on. */
  details: z.exactOptional(z.record(z.string(), z.unknown())),
});
type OwnEvent = z.infer<typeof OwnEvent>;

export interface GatebookMessage {
  readonly kind: "gatebook";
  /** The original, as it arrived: the text that `raw_data` is made of. */
  readonly raw: string;
  readonly event: OwnEvent;
  readonly original: JsonObject;
}

/** Our own doings that are a delivery action by themselves; a review that finds or completes is none. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["access.revoked", "access.revoke"],
  ["credential.deactivated", "credential.delete"],
  ["evidence.pulled", "audit.read"],
  ["grant.approved", "access.grant"],
  ["grant.ended", "access.revoke"],
  ["grant.revoked", "access.revoke"],
  // What the gate lets pass or stops by itself is no approval: those are people's.
  ["gate.overridden", "pipeline.bypass"],
  ["policy.changed", "access.policy"],
]);

/** `principal` names a person by an identity of theirs, or Gatebook's own function as `gatebook` or `gatebook:<function>`. */
const GATEBOOK = /^gatebook(:|$)/;

export function readGatebookMessage(original: JsonObject, raw: string): GatebookMessage {
  return { kind: "gatebook", raw, event: read(OwnEvent, original, "Gatebook's own event"), original };
}

export function normaliseGatebook({ event }: GatebookMessage): NormalisedEvent {
  const isOwn = GATEBOOK.test(event.principal);
  return {
    event: defined({
      ...classPart(API_ACTIVITY, ACTIVITY_OTHER),
      activity_name: event.type,
      time: event.time,
      message: event.message,
      status_id: SUCCESS,
      status: "Success",
      metadata: metadata({ uid: event.uid, product: "Gatebook", vendor: "Gatebook", code: event.type, profiles: [] }),
      actor: {
        user: {
          uid: boundedPrincipal(event.principal),
          type_id: isOwn ? USER_TYPE.service : USER_TYPE.unknown,
        },
      },
      api: { operation: event.type, service: { name: "gatebook" } },
      src_endpoint: { svc_name: "gatebook" },
      resources: event.resource === undefined ? undefined : [{ uid: event.resource }],
      unmapped: event.details,
    }),
    action: ACTIONS.get(event.type) ?? "other",
    granted: event.granted ?? { by: isOwn ? "service" : "token" },
    ...(event.trace !== undefined && { trace: event.trace }),
    ...(event.links !== undefined && { links: event.links }),
  };
}
