/** Who acts with a second factor and who without, where gatebook.yml asks for one: counted over the recorded past. */
import type { Configuration } from "../configuration/configuration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { classifier } from "../record/classify.ts";
import { contextReader } from "../record/context.ts";
import type { DeliveryAction } from "../record/delivery-action.ts";
import { principalOf } from "../sources/principal.ts";
import { type MfaKnowledge, type MfaState, mfaOfSession } from "./mfa.ts";
import { mfaRequirement } from "./mfa-required.ts";

/** What is kept in memory, whatever the log holds: further principals are counted together. */
const MAX_ROWS = 5_000;
const OTHERS = "others";

/** The accesses of one principal with one action of which the same is known. */
export interface MfaRow {
  readonly is: MfaState;
  /** E-mail address, or the principal where it is nobody's. */
  readonly principal: string;
  readonly action: DeliveryAction;
  readonly times: number;
  /** Epoch milliseconds: of the first and of the last of them in this past. */
  readonly since: number;
  readonly last: number;
  /** Of the last. */
  readonly from: MfaKnowledge["from"];
}

export interface MfaCensus {
  /** In any order. */
  add(record: AuditRecord): void;
  /** What is missing first, then what is not known. */
  rows(): readonly MfaRow[];
  /** Accesses. */
  counts(): Readonly<Record<MfaState, number>>;
}

const ORDER: readonly MfaState[] = ["no", "unknown", "yes"];

/** By what gatebook.yml asks for today. */
export function createMfaCensus(configuration: Configuration): MfaCensus {
  const isRequired = mfaRequirement(configuration);
  const classify = classifier(configuration);
  const contextOf = contextReader(configuration);
  const rows = new Map<string, MfaRow>();
  const counts = { yes: 0, no: 0, unknown: 0 };
  return {
    add(record) {
      const classification = { ...classify(record), ...(record.person !== undefined && { person: record.person }) };
      const context = contextOf({ normalised: record, classification });
      if (!isRequired({ ...record.event, ...record, ...classification, ...context, mfa: "unknown" })) return;
      const known = knownOf(record);
      counts[known.is] += 1;
      const principal = record.person ?? principalOf(record.event);
      const own = keyOf(principal, record, known.is);
      const isKept = rows.has(own) || rows.size < MAX_ROWS;
      const key = isKept ? own : keyOf(OTHERS, record, known.is);
      rows.set(key, counted(rows.get(key), isKept ? principal : OTHERS, record, known));
    },
    rows: () => [...rows.values()].sort((a, b) => ORDER.indexOf(a.is) - ORDER.indexOf(b.is) || b.times - a.times),
    counts: () => counts,
  };
}

/** What was known when it was recorded; of what needed none then, what its question or the event itself tells. */
function knownOf({ mfa, access, granted }: AuditRecord): MfaKnowledge {
  if (mfa !== undefined) return mfa;
  // Records of an earlier Gatebook have no questions.
  const [asked] = access.outcome === "not-applicable" ? [] : (access.questions ?? []);
  const own = mfaOfSession(granted, undefined);
  return asked === undefined || asked.context.mfa === own.is ? own : { is: asked.context.mfa, from: "session" };
}

function keyOf(principal: string, { action }: AuditRecord, is: MfaState): string {
  return JSON.stringify([is, action, principal]);
}

function counted(
  row: MfaRow | undefined,
  principal: string,
  { event, action }: AuditRecord,
  { is, from }: MfaKnowledge,
): MfaRow {
  const { time } = event;
  const { times = 0, since = time, last = time } = row ?? {};
  return {
    ...{ is, principal, action, times: times + 1 },
    since: Math.min(since, time),
    last: Math.max(last, time),
    from: row === undefined || time >= last ? from : row.from,
  };
}
