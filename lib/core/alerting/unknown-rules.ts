/** Rules that gatebook.yml names and nobody has. */
import { MFA_RULE } from "../access/mfa-finding.ts";
import { UNEXPLAINED_RULE } from "../break-glass/overdue-event.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { Problem } from "../configuration/problem.ts";
import { GATE_RULES } from "../gate/gate-findings.ts";
import { SECRET_RULES } from "../record/secret-in-commit.ts";
import { CAMPAIGN_RULES } from "../review/campaign-findings.ts";
import { CREDENTIAL_RULES } from "../review/credential-findings.ts";

interface NamedRule {
  readonly id: string;
  readonly title: string;
}

/** Rules that are no files: what the recorder and the reviews find by themselves. */
const BUILT_IN: readonly NamedRule[] = [
  ...Object.values(SECRET_RULES),
  ...CREDENTIAL_RULES,
  ...Object.values(CAMPAIGN_RULES),
  ...Object.values(GATE_RULES),
  MFA_RULE,
  UNEXPLAINED_RULE,
];

/** A suppression of a rule that is not there holds nothing back, and whoever wrote it believes that it does. */
export function findUnknownRules({ alerts }: Pick<Configuration, "alerts">, rules: readonly NamedRule[]): Problem[] {
  const known = new Set([...rules, ...BUILT_IN].flatMap(({ id, title }) => [id, title]));
  return alerts.suppressions.flatMap(({ rule }, i) => {
    const message = `${rule} is neither the id nor the title of a rule: check its spelling, or take the suppression out`;
    return known.has(rule) ? [] : [{ path: ["alerts", "suppressions", i, "rule"], message }];
  });
}
