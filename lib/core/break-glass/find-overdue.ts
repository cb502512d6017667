/** Each hour: what was done with emergency access, and nobody has explained in time, is told. */
import { concurrently } from "../evidence/concurrently.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { type BreakGlassIndex, HOUR_MS } from "./break-glass-index.ts";
import { openUse } from "./open-use.ts";
import { OVERDUE_STAGES, overdueEvent, tellAt } from "./overdue-event.ts";
import { type StepsWorld, sessionSteps } from "./session-steps.ts";

/** However long this did not run, what was overdue meanwhile is told. */
const MISSED_MS = 14 * 24 * HOUR_MS;
const MAX_CONCURRENT = 8;

export interface OverdueWorld extends StepsWorld {
  readonly index: BreakGlassIndex & StepsWorld["index"];
  readonly intake: IntakeQueue;
  readonly explainWithinMs: number;
}

export interface Overdue {
  /** Sessions that were looked at. */
  readonly sessions: number;
  /** What was told by this run. */
  readonly told: number;
}

/**
 * What is told again, since the log was late, is known by its id and its finding.
 *
 * @param now epoch milliseconds
 */
export async function findOverdue(world: OverdueWorld, now: number): Promise<Overdue> {
  const { index, intake, explainWithinMs } = world;
  const hours = await index.emergencyHours({ since: now - explainWithinMs - MISSED_MS, until: now });
  const sessions = Map.groupBy(hours, ({ session }) => session);
  let told = 0;
  await concurrently(MAX_CONCURRENT, sessions, async ([session, ofSession]) => {
    const steps = await sessionSteps(session, world);
    if (OVERDUE_STAGES.every((each) => steps.told.has(each))) return;
    const use = await openUse(ofSession, steps.explainedUntil, index);
    if (use === undefined) return;
    const due = use.since + explainWithinMs;
    // After days without a run, that it is overdue comes first.
    const stage = OVERDUE_STAGES.find((each) => !steps.told.has(each) && now >= tellAt(each, due));
    if (stage === undefined) return;
    await intake.send([overdueEvent(use, stage, { due, explainedUntil: steps.explainedUntil })]);
    told += 1;
  });
  return { sessions: sessions.size, told };
}
