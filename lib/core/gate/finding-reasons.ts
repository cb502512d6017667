/** Findings on a delivery that are still open: those that nobody answers for. */
import { suppressionOf } from "../alerting/suppression.ts";
import { BREAK_GLASS_RULE } from "../break-glass/emergency-session.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { type Finding, isAtLeast } from "../record/finding.ts";
import type { EmergencyInDelivery } from "./break-glass-facts.ts";
import type { GateReason } from "./gate-decision.ts";
import { GATE_RULES } from "./gate-findings.ts";
import type { Known } from "./known.ts";
import { nameOf } from "./name-of.ts";

/** Of one message: the first say what it is about. */
const MAX_LISTED = 8;

/** Its own findings say that it was overridden, and would keep the release from going on. */
const OWN: ReadonlySet<string> = new Set(Object.values(GATE_RULES).map(({ id }) => id));

interface Circumstances {
  readonly configuration: Configuration;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly emergencies: Known<readonly EmergencyInDelivery[]>;
}

export function findingReasons(
  records: readonly AuditRecord[],
  { configuration, now, emergencies }: Circumstances,
): GateReason[] {
  const { minimumFindingLevel } = configuration.gate;
  const isOpen = (finding: Finding): boolean =>
    isAtLeast(finding.level, minimumFindingLevel) &&
    finding.staged !== true &&
    !OWN.has(finding.rule.id) &&
    suppressionOf(finding, configuration, now).active === undefined;
  const open = new Map(
    records.flatMap((record) =>
      record.findings
        .filter((finding) => isOpen(finding) && !isSaidOtherwise(finding, record, emergencies))
        .map((finding) => [finding.uid, finding] as const),
    ),
  );
  const texts = [...open.values()].map(
    ({ level, rule, person, principal, time }) =>
      `open finding (${level}): ${rule.title}, ${nameOf(person ?? principal, configuration)}, ${new Date(time).toISOString()}`,
  );
  const rest = texts.length - MAX_LISTED;
  const listed = rest > 0 ? [...texts.slice(0, MAX_LISTED), `${rest} more open findings`] : texts;
  return listed.map((text) => ({ check: "finding", text }));
}

/** That emergency access was used is a reason of its own, until it is explained; where nobody knows whether it is, the finding stays open. */
function isSaidOtherwise(
  { rule }: Finding,
  { breakGlass }: AuditRecord,
  emergencies: Known<readonly EmergencyInDelivery[]>,
): boolean {
  if (rule.id !== BREAK_GLASS_RULE || "unknown" in emergencies) return false;
  return emergencies.known.some(({ session }) => session === breakGlass);
}
