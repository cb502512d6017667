/** What rules say under `policies:`: the denials that they report already, so that one fact is one finding. */
import type { RuleProblem } from "./rule-problem.ts";
import type { RuleDocument } from "./sigma/rule-document.ts";

const KEY = "policies";

/** A name that is misspelt would leave every such denial a second finding, without a word. @throws GatebookError `RULE_INVALID` */
export function requirePolicies(
  policies: readonly string[] | undefined,
  known: ReadonlySet<string>,
  document: RuleDocument,
): void {
  for (const [i, policy] of (policies ?? []).entries()) {
    if (known.has(policy)) continue;
    throw document.invalid([KEY, i], `no access policy has the id ${policy}: there are ${[...known].join(", ")}`);
  }
}

/** @throws GatebookError `RULE_INVALID` for a correlation that names some */
export function refusePolicies(document: RuleDocument): void {
  if (!document.has([KEY])) return;
  const advice = "write policies into the rules that it refers to, and generate: true";
  throw document.invalid([KEY], `a correlation is about several events, and each denial is of one: ${advice}`);
}

/** @returns a problem where the rule makes no finding that could report anything */
export function silentlyReporting(isSilent: boolean, document: RuleDocument): readonly RuleProblem[] {
  if (!isSilent || !document.has([KEY])) return [];
  const reason = `${KEY}: the rule makes no findings, since it is only part of correlations: give one of these generate: true`;
  return [{ file: document.file, line: document.lineOf([KEY]), reason }];
}
