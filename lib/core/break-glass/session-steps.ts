/** What was said of an emergency session afterwards, read from the log: its explanations, and that they were asked for. */

import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { EXPLAINED, type Explanation, explanationIn, traceOfSession } from "./explanation.ts";
import { OVERDUE_STAGES, OVERDUE_TYPES, type OverdueStage, stageIn } from "./overdue-event.ts";

/** Of one session, the latest: whoever claims to explain it in other events hides none of these, and makes it look open at worst. */
const MAX_STEPS = 100;

export interface StepsWorld {
  readonly index: Pick<DeliveryIndex, "byTrace">;
  /** The records behind entries of the index; rejects while the log does not show one of them. */
  readonly read: (entries: readonly IndexEntry[]) => Promise<readonly AuditRecord[]>;
}

export interface SessionSteps {
  /** Oldest first; of several about the same accesses, the first. */
  readonly explanations: readonly Explanation[];
  /** The last access that is explained, epoch milliseconds; minus infinity where none is. */
  readonly explainedUntil: number;
  /**
   * Accesses up to it are explained, or their being overdue was told to the end: what comes later is told anew. Epoch milliseconds; minus
   * infinity where neither is.
   */
  readonly toldUntil: number;
  /** What was said of the accesses since then being overdue. */
  readonly told: ReadonlySet<OverdueStage>;
}

export async function sessionSteps(session: string, { index, read }: StepsWorld): Promise<SessionSteps> {
  const types: ReadonlySet<string> = new Set([EXPLAINED, ...OVERDUE_TYPES]);
  const entries = (await index.byTrace(traceOfSession(session))).filter(({ operation }) => types.has(operation));
  const records = await read(entries.slice(-MAX_STEPS));
  const all = records.flatMap((record) => explanationIn(record, session) ?? []);
  // Given twice at the same time, it is one.
  const byUntil = new Map(all.toReversed().map((explanation) => [explanation.until, explanation]));
  const explanations = [...byUntil.values()].toSorted((a, b) => a.until - b.until);
  const explainedUntil = explanations.at(-1)?.until ?? Number.NEGATIVE_INFINITY;
  return { explanations, explainedUntil, ...toldSince(explainedUntil, session, records) };
}

/** A session's name comes again with each emergency of the same person: one that nobody explained must not silence those after it. */
function toldSince(
  after: number,
  session: string,
  records: readonly AuditRecord[],
): Pick<SessionSteps, "toldUntil" | "told"> {
  const times = new Map(
    records.flatMap((record) => {
      const stage = stageIn(record, { session, after });
      return stage === undefined ? [] : [[stage, record.event.time] as const];
    }),
  );
  const last = Math.max(...times.values());
  if (last > after && OVERDUE_STAGES.every((stage) => times.has(stage))) return toldSince(last, session, records);
  return { toldUntil: after, told: new Set(times.keys()) };
}
