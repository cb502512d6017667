/** What a second look came to, as an event of Gatebook's own for the intake queue. */
import { hash } from "node:crypto";
import * as z from "zod";
import type { AccessDecision } from "../access/access-decision.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { Finding } from "../record/finding.ts";
import { principalOf } from "../sources/principal.ts";

export const SECOND_LOOK = "second-look.differs";

const PRINCIPAL = "gatebook:second-look";
/** Whoever reads the alert sees that it comes later than what it is about. */
const WHY_NOW = "Not all of the delivery was on record when this was first judged; it was looked at again.";

/** Of one event that was looked at. */
export interface LookedAt {
  readonly record: AuditRecord;
  readonly trace: string | undefined;
  /** Of the event itself; lasting, however often it is looked at: the log knows an event by its id and its time. */
  readonly time: number;
}

/** @param access what the policy says now, where that is something else than what is in the record */
export function findingEvent(finding: Finding, looked: LookedAt, access: AccessDecision | undefined): string {
  const told = { ...finding, why: `${finding.why} ${WHY_NOW}` };
  const { title } = finding.rule;
  return toMessage(looked, { id: finding.uid, message: `${title}: ${finding.why}`, findings: [told], access });
}

/** That the decision would be another one is told by itself where no finding tells it. */
export function decisionEvent(access: AccessDecision, looked: LookedAt): string {
  const { event } = looked.record;
  const id = hash("sha256", JSON.stringify([principalOf(event), event.metadata.uid, access.outcome]), "hex");
  const message = `the access policy would now say ${access.outcome} to ${looked.record.action}: ${access.reason}`;
  return toMessage(looked, { id, message, access });
}

interface Told {
  readonly id: string;
  readonly message: string;
  readonly findings?: readonly Finding[];
  readonly access: AccessDecision | undefined;
}

function toMessage({ record, trace, time }: LookedAt, { id, message, findings, access }: Told): string {
  const { event } = record;
  const [target] = event.resources ?? [];
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid: `second-look:${id}`,
    time: Math.max(0, time),
    type: SECOND_LOOK,
    principal: PRINCIPAL,
    resource: target?.uid || target?.name || principalOf(event),
    ...(trace && { trace }),
    message,
    ...(findings !== undefined && { findings }),
    details: {
      second_look: {
        ...{ event: event.metadata.uid, principal: principalOf(event), recorded: record.access.outcome },
        ...(access !== undefined && { access }),
      },
    },
  });
}

const Details = z.object({
  second_look: z.object({
    event: z.string(),
    principal: z.string(),
    access: z.looseObject({ outcome: z.string() }).exactOptional(),
  }),
});

/** Whether one of the records says of an event already what the access policy would now say. */
export function isDecisionTold(
  records: readonly AuditRecord[],
  { outcome }: AccessDecision,
  own: AuditRecord,
): boolean {
  return records.some(({ event }) => {
    const { product, event_code } = event.metadata;
    // Names of operations are anybody's to claim; this vendor is not.
    if (event_code !== SECOND_LOOK || product.vendor_name !== "Gatebook") return false;
    const told = Details.safeParse(event.unmapped).data?.second_look;
    const isOwn = told?.event === own.event.metadata.uid && told.principal === principalOf(own.event);
    return isOwn && told.access?.outcome === outcome;
  });
}
