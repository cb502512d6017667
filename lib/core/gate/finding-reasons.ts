/** Findings on a delivery that are still open: those that nobody answers for. */
import { suppressionOf } from "../alerting/suppression.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { type Finding, isAtLeast } from "../record/finding.ts";
import type { GateReason } from "./gate-decision.ts";
import { GATE_RULES } from "./gate-findings.ts";
import { nameOf } from "./name-of.ts";

/** Of one message: the first say what it is about. */
const MAX_LISTED = 8;

/** Its own findings say that it was overridden, and would keep the release from going on. */
const OWN: ReadonlySet<string> = new Set(Object.values(GATE_RULES).map(({ id }) => id));

export function findingReasons(
  records: readonly AuditRecord[],
  { configuration, now }: { readonly configuration: Configuration; readonly now: number },
): GateReason[] {
  const { minimumFindingLevel } = configuration.gate;
  const isOpen = (finding: Finding): boolean =>
    isAtLeast(finding.level, minimumFindingLevel) &&
    finding.staged !== true &&
    !OWN.has(finding.rule.id) &&
    suppressionOf(finding, configuration, now).active === undefined;
  const open = new Map(
    records.flatMap(({ findings }) => findings.filter(isOpen).map((finding) => [finding.uid, finding] as const)),
  );
  const texts = [...open.values()].map(
    ({ level, rule, person, principal, time }) =>
      `open finding (${level}): ${rule.title}, ${nameOf(person ?? principal, configuration)}, ${new Date(time).toISOString()}`,
  );
  const rest = texts.length - MAX_LISTED;
  const listed = rest > 0 ? [...texts.slice(0, MAX_LISTED), `${rest} more open findings`] : texts;
  return listed.map((text) => ({ check: "finding", text }));
}
