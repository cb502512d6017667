/** What somebody asks the audit: who, what, when, how. */
import { matcherOf } from "../configuration/wildcard.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryAction } from "../record/delivery-action.ts";
import { isAtLeast, type Level } from "../record/finding.ts";
import { principalOf } from "../sources/principal.ts";

/** Every member that is there has to match. Texts may hold `*` and `?`. */
export interface SearchQuery {
  /** E-mail address. */
  readonly person?: string;
  readonly principal?: string;
  /** Any of the event's resources, by its identifier or its name. */
  readonly resource?: string;
  readonly action?: DeliveryAction;
  /** NO_TRACE for events that nothing ties to a delivery. */
  readonly trace?: string;
  /** Epoch milliseconds: from, and up to but without. */
  readonly since?: number;
  readonly until?: number;
  /** With a finding of this level or above. */
  readonly finding?: Level;
}

export const NO_TRACE = "none";

/** @param traces the traces of the delivery that is asked for, where one is */
export function matcherFor(query: SearchQuery, traces?: ReadonlySet<string>): (record: AuditRecord) => boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, action, finding } = query;
  const [isPerson, isPrincipal, isResource] = [query.person, query.principal, query.resource].map((pattern) =>
    pattern === undefined ? () => true : matcherOf([pattern]),
  );
  return (record) => {
    const { event, person = "", findings } = record;
    return (
      event.time >= since &&
      event.time < until &&
      (action === undefined || record.action === action) &&
      (finding === undefined || findings.some(({ level }) => isAtLeast(level, finding))) &&
      isOfTrace(record, query.trace, traces) &&
      isPerson?.(person) === true &&
      isPrincipal?.(principalOf(event)) === true &&
      (query.resource === undefined || namesOf(record).some((name) => isResource?.(name)))
    );
  };
}

function isOfTrace({ trace }: AuditRecord, wanted: string | undefined, traces?: ReadonlySet<string>): boolean {
  if (wanted === undefined) return true;
  if (wanted === NO_TRACE) return trace === undefined;
  return trace !== undefined && (traces?.has(trace) ?? trace === wanted);
}

function namesOf({ event }: AuditRecord): string[] {
  return (event.resources ?? []).flatMap(({ uid, name }) => [uid, name].filter((text) => text !== undefined));
}
