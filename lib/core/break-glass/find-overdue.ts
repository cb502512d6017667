/** Each hour: what was done with emergency access, and nobody has explained in time, is told. */
import { concurrently } from "../evidence/concurrently.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { type BreakGlassIndex, type EmergencyHour, HOUR_MS } from "./break-glass-index.ts";
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
 * What is told again, since the log was late, is known by its id and its finding. A session that cannot be read keeps no other from being told.
 *
 * @param now epoch milliseconds
 * @throws AggregateError with what failed, after all others are looked at
 */
export async function findOverdue(world: OverdueWorld, now: number): Promise<Overdue> {
  const hours = await world.index.emergencyHours({ since: now - world.explainWithinMs - MISSED_MS, until: now });
  const sessions = Map.groupBy(hours, ({ session }) => session);
  const failures: unknown[] = [];
  let told = 0;
  await concurrently(MAX_CONCURRENT, sessions, async ([session, ofSession]) => {
    try {
      const event = await overdueOf(session, ofSession, world, now);
      if (event === undefined) return;
      await world.intake.send([event]);
      told += 1;
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) {
    const first = failures[0] instanceof Error ? `: ${failures[0].message}` : "";
    throw new AggregateError(failures, `${failures.length} break-glass sessions could not be looked at${first}`);
  }
  return { sessions: sessions.size, told };
}

async function overdueOf(
  session: string,
  hours: readonly EmergencyHour[],
  world: OverdueWorld,
  now: number,
): Promise<string | undefined> {
  const { told, toldUntil } = await sessionSteps(session, world);
  const use = await openUse(hours, toldUntil, world.index);
  if (use === undefined) return undefined;
  const due = use.since + world.explainWithinMs;
  // After days without a run, that it is overdue comes first.
  const stage = OVERDUE_STAGES.find((each) => !told.has(each) && now >= tellAt(each, due));
  return stage === undefined ? undefined : overdueEvent(use, stage, { due, after: toldUntil });
}
