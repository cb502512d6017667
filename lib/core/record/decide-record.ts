/** The access decision on a record, and its denial among the record's findings. */
import type { AccessDecision } from "../access/access-decision.ts";
import { isGoverned } from "../access/access-question.ts";
import { type AccessControl, denialOf } from "../access/judge-access.ts";
import type { KnowMfa } from "../access/know-mfa.ts";
import { type MfaKnowledge, mfaOfSession } from "../access/mfa.ts";
import { findMissingMfa } from "../access/mfa-finding.ts";
import { mfaRequirement, type RequiresMfa } from "../access/mfa-required.ts";
import type { RecordView } from "../detections/record-view.ts";
import type { Settings } from "../settings.ts";
import { type Finding, isAtLeast } from "./finding.ts";
import { nameApprover } from "./name-approver.ts";
import type { PreparedRecord } from "./prepare-record.ts";
import type { ViewedRecord } from "./view-records.ts";

export interface Decided {
  readonly access: AccessDecision;
  /** Where a second factor is asked for. */
  readonly mfa?: MfaKnowledge;
  readonly findings: readonly Finding[];
}

const NO_POLICY: AccessDecision = { outcome: "not-applicable", reason: "no policy is in force" };

/** A denial that a rule which matched reports is no finding of its own: the rule's finding says what the policy says, too. */
export function recordDecider(
  control: AccessControl | undefined,
  { configuration, rules: { rules } }: Pick<Settings, "configuration" | "rules">,
): (viewed: ViewedRecord<PreparedRecord>, found: readonly Finding[], knowMfa: KnowMfa) => Promise<Decided> {
  if (control === undefined) return async (_, findings) => ({ access: NO_POLICY, findings });
  const reportedBy = new Map(rules.map(({ id, policies = [] }) => [id, policies]));
  const requiresMfa = mfaRequirement(configuration);
  return async (viewed, found, knowMfa) => {
    const approver = nameApprover(viewed.view, viewed.delivery);
    const required = await requiredMfa(viewed, requiresMfa, knowMfa);
    // No policy asks about anything else, and a view has forty members to copy.
    const named = isGoverned(approver.action)
      ? { ...approver, mfa: (required ?? mfaOfSession(approver.granted, viewed.record.openerMfa)).is }
      : approver;
    const access = await control.decideOn(named);
    const mfa = required && { mfa: required };
    const missing = required && findMissingMfa(named, required);
    const findings = missing === undefined ? found : [...found, missing];
    if (missing !== undefined && (await isForMfaAlone(named, access, control))) return { access, ...mfa, findings };
    const reported = new Set(findings.flatMap(({ rule }) => reportedBy.get(rule.id) ?? []));
    const denial = denialOf(named, access, control.policies, reported);
    if (denial !== undefined) return { access, ...mfa, findings: [...findings, denial] };
    const saidElsewhere = denialOf(named, access, control.policies, NOTHING_REPORTED);
    const isReporting = ({ rule }: Finding): boolean => (reportedBy.get(rule.id) ?? []).length > 0;
    return {
      access,
      ...mfa,
      findings:
        saidElsewhere === undefined
          ? findings
          : findings.map((finding) => (isReporting(finding) ? withDenial(finding, saidElsewhere) : finding)),
    };
  };
}

/** Accounts are looked up for what needs a second factor, and for nothing else. */
async function requiredMfa(
  { view, record: { openerMfa } }: ViewedRecord<PreparedRecord>,
  isRequired: RequiresMfa,
  knowMfa: KnowMfa,
): Promise<MfaKnowledge | undefined> {
  return isRequired(view) ? knowMfa({ view, openerMfa }) : undefined;
}

/** A denial that MFA would have lifted is the same fact as its absence. */
async function isForMfaAlone(view: RecordView, access: AccessDecision, control: AccessControl): Promise<boolean> {
  if (access.outcome !== "deny" || access.policies.length > 0) return false;
  return (await control.decideOn({ ...view, mfa: "yes" })).outcome === "allow";
}

const NOTHING_REPORTED: ReadonlySet<string> = new Set();

function withDenial(finding: Finding, { why, level }: Finding): Finding {
  return {
    ...finding,
    why: `${finding.why} By the access policy, ${why}`,
    level: isAtLeast(finding.level, level) ? finding.level : level,
  };
}
