/** Emergency access in a delivery, and what was said of it since. */
import type { Explanation } from "../break-glass/explanation.ts";
import { type StepsWorld, sessionSteps } from "../break-glass/session-steps.ts";
import { GatebookError } from "../errors.ts";
import { timeOf } from "../record/entry-time.ts";
import type { IndexEntry } from "../record/index-entry.ts";

/** Each is some calls of the index and the log, and whoever waits at the gate has seconds. */
const MAX_SESSIONS = 20;

export interface EmergencyInDelivery {
  readonly session: string;
  /** Who used it, as far as known. */
  readonly people: readonly string[];
  /** When it did something in the delivery that nobody has explained, epoch milliseconds, oldest first. */
  readonly unexplained: readonly number[];
  /** The last one of the session. */
  readonly explanation?: Explanation;
}

/** @throws GatebookError `UNAVAILABLE` for more sessions than can be looked at in time */
export async function emergenciesIn(entries: readonly IndexEntry[], world: StepsWorld): Promise<EmergencyInDelivery[]> {
  const bySession = Map.groupBy(entries, ({ breakGlass }) => breakGlass);
  bySession.delete(undefined);
  if (bySession.size > MAX_SESSIONS) {
    throw new GatebookError("UNAVAILABLE", `${bySession.size} sessions are more than can be looked at in time`);
  }
  return Promise.all(
    [...bySession].map(async ([session = "", accesses]) => {
      const { explanations, explainedUntil } = await sessionSteps(session, world);
      const explanation = explanations.at(-1);
      return {
        session,
        people: [...new Set(accesses.flatMap(({ person }) => person ?? []))].toSorted(),
        unexplained: accesses
          .map(timeOf)
          .filter((time) => time > explainedUntil)
          .toSorted((a, b) => a - b),
        ...(explanation !== undefined && { explanation }),
      };
    }),
  );
}
