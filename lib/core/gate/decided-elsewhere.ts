/** One run of a workflow asks for each of its environments: what was decided for staging decides nothing for production. */

import type { Configuration } from "../configuration/configuration.ts";
import { placementOf } from "../configuration/placement.ts";
import { keyName } from "../evidence/event-index.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { type GateQuestion, isKnownPlace, placeOf } from "./gate-question.ts";
import type { ReadRecord } from "./record-reader.ts";

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_review */
const REVIEW = "deployment_review.";
/** OCSF's type of a resource, as GitHub's normaliser names it. */
const ENVIRONMENT = "environment";

/** Asked and answered for environments; the index names the repository, and the record the environments. */
export function isOfEnvironment({ operation }: IndexEntry): boolean {
  return operation.startsWith(REVIEW);
}

export interface Elsewhere {
  /** By `keyName`. */
  readonly names: ReadonlySet<string>;
  readonly records: ReadonlySet<AuditRecord>;
  /** In words, of those that were approved. */
  readonly approved: readonly string[];
}

/** One that names no environment may be meant for any of them. An environment that gatebook.yml does not know is another one. */
export function decidedElsewhere(
  read: readonly ReadRecord[],
  question: GateQuestion,
  configuration: Configuration,
): Elsewhere {
  const place = placeOf(question);
  const placed = placementOf(configuration);
  const isKnown = isKnownPlace(question, configuration);
  const elsewhere = read.flatMap(({ entry, record }) => {
    if (!isKnown || !isOfEnvironment(entry)) return [];
    const own = (record.event.resources ?? []).filter(({ type }) => type === ENVIRONMENT).map(({ uid = "" }) => uid);
    return own.length === 0 || placed(undefined, own).environments.includes(place) ? [] : [{ entry, record, own }];
  });
  const approvals = elsewhere.filter(({ entry }) => entry.action === "pipeline.approve");
  return {
    names: new Set(elsewhere.map(({ entry }) => keyName(entry))),
    records: new Set(elsewhere.map(({ record }) => record)),
    approved: [...new Set(approvals.flatMap(({ own }) => own))],
  };
}

export function withoutElsewhere(entries: readonly IndexEntry[], { names }: Elsewhere): IndexEntry[] {
  return entries.filter((entry) => !names.has(keyName(entry)));
}

/** The index without what was decided elsewhere. */
export function indexOfHere(index: DeliveryIndex, elsewhere: Elsewhere): DeliveryIndex {
  return {
    linksOf: (trace) => index.linksOf(trace),
    byTrace: async (trace) => withoutElsewhere(await index.byTrace(trace), elsewhere),
    byResource: async (resource, range) => withoutElsewhere(await index.byResource(resource, range), elsewhere),
  };
}
