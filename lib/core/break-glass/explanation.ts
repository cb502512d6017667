/** An explanation of what was done in an emergency session: who gave it, why, and up to which access it goes. */
import { hash } from "node:crypto";
import * as z from "zod";
import type { AuditRecord } from "../record/audit-record.ts";
import { bounded } from "../sources/fields.ts";

export const EXPLAINED = "break-glass.explained";
const OWN_VENDOR = "Gatebook";
/** What the index holds of a trace. */
const MAX_TRACE_CHARS = 600;

/** Whether whoever explains it used it; unknown where nothing tells who did. */
const USED_IT = ["yes", "no", "unknown"] as const;

export interface Explanation {
  readonly session: string;
  /** The first and the last access that it is about, epoch milliseconds. What comes later is not explained. */
  readonly since: number;
  readonly until: number;
  readonly accesses: number;
  /** There were more than were counted. */
  readonly isMore?: boolean;
  /** Who used it, as far as known. */
  readonly people: readonly string[];
  /** The person who explains. */
  readonly by: string;
  readonly usedIt: (typeof USED_IT)[number];
  readonly reason: string;
  readonly ticket?: string;
  /** When it was given, epoch milliseconds. */
  readonly at: number;
}

/** What is said of a session afterwards is in a trace of its own. */
export function traceOfSession(session: string): string {
  return bounded(`break-glass:${session}`, MAX_TRACE_CHARS);
}

/** An event of Gatebook's own for the intake queue. */
export function explainedEvent(explanation: Explanation, principal: string): string {
  const { session, since, until, people, by, usedIt, reason, ticket, accesses, isMore, at } = explanation;
  const whose = { yes: ", who used it,", no: "", unknown: "" }[usedIt];
  const reference = ticket === undefined ? "" : ` (${ticket})`;
  const digest = hash("sha256", JSON.stringify([session, until, by]), "hex");
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid: `${EXPLAINED}:${digest}`,
    time: at,
    type: EXPLAINED,
    principal,
    resource: session,
    trace: traceOfSession(session),
    message: `${by}${whose} explains what ${session} did until ${iso(until)}: ${reason}${reference}`,
    details: {
      break_glass: {
        session,
        since: iso(since),
        until: iso(until),
        accesses,
        ...(isMore === true && { is_more: true }),
        people,
        by,
        used_it: usedIt,
        reason,
        ...(ticket !== undefined && { ticket }),
      },
    },
  });
}

const time = z.iso.datetime().transform((text) => Date.parse(text));
const Told = z.object({
  break_glass: z.object({
    session: z.string(),
    since: time,
    until: time,
    accesses: z.number(),
    is_more: z.boolean().exactOptional(),
    people: z.array(z.string()),
    by: z.string(),
    used_it: z.enum(USED_IT),
    reason: z.string(),
    ticket: z.string().exactOptional(),
  }),
});

/** @returns undefined for a record that is no explanation of this session */
export function explanationIn(record: AuditRecord, session: string): Explanation | undefined {
  const { event } = record;
  if (event.metadata.event_code !== EXPLAINED || !isToldOf(record, session)) return undefined;
  const told = Told.safeParse(event.unmapped).data?.break_glass;
  if (told === undefined || told.session !== session) return undefined;
  const { used_it: usedIt, is_more: isMore, ...rest } = told;
  return { ...rest, usedIt, ...(isMore !== undefined && { isMore }), at: event.time };
}

/** Names of operations and traces are anybody's to claim; this vendor is not. */
export function isToldOf({ event, trace }: AuditRecord, session: string): boolean {
  return event.metadata.product.vendor_name === OWN_VENDOR && trace === traceOfSession(session);
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
