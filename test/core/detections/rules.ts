/** Rules for tests, from what matters about them. */
import { type CompiledRule, compileRule } from "../../../lib/core/detections/match/compile-rule.ts";
import type { Placeholders } from "../../../lib/core/detections/match/placeholders.ts";
import { parseRule } from "../../../lib/core/detections/sigma/parse-rule.ts";

/** The YAML of a rule with this `detection`, written from column 0. Its first line is line 7. */
export function ruleText(detection: string, logsource = "{ product: aws, service: cloudtrail }"): string {
  const indented = detection.trim().replaceAll(/^/gm, "  ");
  return `title: A rule
id: 11111111-2222-4333-8444-555555555555
level: high
description: Why it is wrong.
logsource: ${logsource}
detection:
${indented}
`;
}

/** A compiled rule with one selection, `selection`, made of these lines. */
export function selecting(lines: string, placeholders: Placeholders = {}): CompiledRule {
  const text = ruleText(`selection:\n${lines.trim().replaceAll(/^/gm, "  ")}\ncondition: selection`);
  return compileRule(parseRule(text, "rule.yml"), placeholders);
}
