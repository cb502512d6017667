/** Whether a delivery was started and approved with MFA. */
import { type MfaState, mfaOfEvent } from "../access/mfa.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { FAILURE } from "../record/ocsf.ts";
import { isServicePrincipal, principalOf } from "../sources/principal.ts";
import type { GateReason } from "./gate-decision.ts";
import { nameOf } from "./name-of.ts";

/** Unknown is told and does not stop a release: GitHub never says it, and a rule that stops everything is soon switched off. */
export function mfaOfDelivery(
  records: readonly AuditRecord[],
  configuration: Configuration,
): { readonly reasons: readonly GateReason[]; readonly remarks: readonly string[] } {
  const acts = records.filter(isActOfSomebody).map((record) => ({
    mfa: mfaOf(record),
    text: `${nameOf(record.person ?? principalOf(record.event), configuration)} ${record.action === "pipeline.start" ? "started" : "approved"} it`,
  }));
  const unique = (wanted: "no" | "unknown"): string[] => [
    ...new Set(acts.flatMap(({ mfa, text }) => (mfa === wanted ? [text] : []))),
  ];
  return {
    reasons: unique("no").map((text) => ({ check: "mfa", text: `${text} without MFA` })),
    remarks: unique("unknown").map((text) => `${text}; whether with MFA is not known`),
  };
}

function isActOfSomebody({ action, event }: AuditRecord): boolean {
  const isAct = action === "pipeline.start" || action === "pipeline.approve";
  return isAct && event.status_id !== FAILURE && !isServicePrincipal(principalOf(event));
}

/** A workload has no second factor. What was known when it was recorded goes first, then what the policies were told: both may know more than the event alone. */
function mfaOf({ access, granted, person, mfa }: AuditRecord): MfaState | "not asked" {
  if (mfa !== undefined) return mfa.is;
  // Records of an earlier Gatebook have no questions.
  const [asked] = access.outcome === "not-applicable" ? [] : (access.questions ?? []);
  if (asked !== undefined) return asked.principal.type === "Workload" ? "not asked" : asked.context.mfa;
  if (person === undefined && (granted.by === "service" || granted.by === "federation")) return "not asked";
  return mfaOfEvent(granted);
}
