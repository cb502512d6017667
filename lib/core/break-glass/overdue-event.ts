/** That nobody has explained an emergency session in time: an event of Gatebook's own that carries the finding, and once more its reminder. */
import { hash } from "node:crypto";
import * as z from "zod";
import { explainBreakGlass } from "../alerting/next-commands.ts";
import { describeDuration } from "../detections/describe-duration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { Finding } from "../record/finding.ts";
import { isToldOf, traceOfSession } from "./explanation.ts";
import type { OpenUse } from "./open-use.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const GATEBOOK = "gatebook:break-glass";

/** When it becomes overdue, and a day after it: never again. */
export const OVERDUE_STAGES = ["overdue", "reminded"] as const;
export type OverdueStage = (typeof OVERDUE_STAGES)[number];
const AFTER_MS: Readonly<Record<OverdueStage, number>> = { overdue: 0, reminded: DAY_MS };
export const OVERDUE_TYPES = OVERDUE_STAGES.map(typeOf);

/** What whoever names a rule calls it. */
export const UNEXPLAINED_RULE = {
  id: "52b15152-88aa-4c28-ba5b-5c2841dc698b",
  title: "Break-glass access unexplained",
};

/**
 * One finding for each: the same however often it is made.
 *
 * @param after the last access that is explained, or told of to the end: epoch milliseconds
 */
export function overdueEvent(
  use: OpenUse,
  stage: OverdueStage,
  { due, after: from }: { readonly due: number; readonly after: number },
): string {
  const type = typeOf(stage);
  const after = afterText(from);
  const uid = `${type}:${hash("sha256", JSON.stringify([use.session, after]), "hex")}`;
  const time = due + AFTER_MS[stage];
  const finding = findingOf(use, stage, { uid, time, due });
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid,
    time,
    type,
    principal: GATEBOOK,
    resource: use.session,
    trace: traceOfSession(use.session),
    message: finding.why,
    findings: [finding],
    details: { break_glass: { session: use.session, after } },
  });
}

/** From when on it is told, epoch milliseconds. */
export function tellAt(stage: OverdueStage, due: number): number {
  return due + AFTER_MS[stage];
}

const Told = z.object({ break_glass: z.object({ session: z.string(), after: z.string() }) });

/** @returns the stage that a record tells, if it is about what came after this time */
export function stageIn(
  record: AuditRecord,
  { session, after }: { readonly session: string; readonly after: number },
): OverdueStage | undefined {
  const stage = OVERDUE_STAGES.find((each) => typeOf(each) === record.event.metadata.event_code);
  if (stage === undefined || !isToldOf(record, session)) return undefined;
  const told = Told.safeParse(record.event.unmapped).data?.break_glass;
  return told?.session === session && told.after === afterText(after) ? stage : undefined;
}

function typeOf(stage: OverdueStage): string {
  return `break-glass.${stage}`;
}

/** A use is what came after an explanation or a reminder, or all there is. */
function afterText(after: number): string {
  return Number.isFinite(after) ? new Date(after).toISOString() : "the beginning";
}

function findingOf(
  { session, since, people, accesses, isMore, first }: OpenUse,
  stage: OverdueStage,
  { uid, time, due }: { readonly uid: string; readonly time: number; readonly due: number },
): Finding {
  const [person] = people.length === 1 ? people : [];
  const who = people.length === 0 ? "Nobody knows who" : people.join(", ");
  const count = `${accesses}${isMore ? " or more" : ""} access${accesses === 1 ? "" : "es"}`;
  const still = stage === "overdue" ? "has not been explained" : "has still not been explained";
  const what = first.resource === undefined ? first.operation : `${first.operation} on ${first.resource}`;
  return {
    uid: hash("sha256", `${UNEXPLAINED_RULE.id}\n${uid}`, "hex"),
    rule: UNEXPLAINED_RULE,
    level: "high",
    time,
    principal: session,
    ...(person !== undefined && { person }),
    action: "other",
    operation: typeOf(stage),
    resource: session,
    event: uid,
    granted: { by: "unknown" },
    why: `${who} used break-glass access as ${session}: ${count} since ${new Date(since).toISOString()}, ${what} first. It ${still} within ${describeDuration(due - since)}.`,
    next: [
      "What it means: the access that is kept for emergencies was used, and nobody has said why.",
      "What to check: who used it and for what: gatebook break-glass list, then gatebook search with its --principal.",
      `How to contain: have whoever used it explain it, or do so yourself: ${explainBreakGlass(session)}. Where nobody can, treat it as an intrusion: revoke the role's sessions and undo what was changed.`,
    ],
    trace: traceOfSession(session),
  };
}
