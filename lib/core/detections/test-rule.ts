/** A rule's own tests: the events in its match/ folder trip it, those in ignore/ do not. */
import { compileRule } from "./compile-rule.ts";
import { type Candidate, detect } from "./detect.ts";
import type { Placeholders } from "./placeholders.ts";
import { RECORD_LOGSOURCE, type Rule } from "./rule.ts";

/** A file of match/ or ignore/, parsed: the raw record or the normalised one, as the rule's log source says. */
export interface RuleEvent {
  readonly file: string;
  readonly record: unknown;
}

export interface RuleWithEvents {
  readonly rule: Rule;
  readonly match: readonly RuleEvent[];
  readonly ignore: readonly RuleEvent[];
}

export interface RuleFailure {
  /** The event's file, or the folder that is empty. */
  readonly file: string;
  readonly message: string;
}

/**
 * What is wrong with the rule by its own examples; nothing is fine. A rule without examples on either side is not tested, so it fails.
 *
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known
 */
export function testRule({ rule, match, ignore }: RuleWithEvents, placeholders: Placeholders): readonly RuleFailure[] {
  const rules = [compileRule(rule, placeholders)];
  const trips = ({ record }: RuleEvent): boolean => detect(rules, toCandidate(rule, record)).length > 0;
  const failures = (events: readonly RuleEvent[], message: string): RuleFailure[] =>
    events.map(({ file }) => ({ file, message }));
  return [
    ...(match.length > 0 ? [] : [{ file: "match", message: "has no event that the rule must match" }]),
    ...(ignore.length > 0 ? [] : [{ file: "ignore", message: "has no event that the rule must ignore" }]),
    ...failures(
      match.filter((event) => !trips(event)),
      `should match "${rule.title}" and does not`,
    ),
    ...failures(ignore.filter(trips), `should not match "${rule.title}" and does`),
  ];
}

function toCandidate({ logsource }: Rule, record: unknown): Candidate {
  return logsource.product === RECORD_LOGSOURCE.product ? { view: record } : { raw: { ...logsource, record } };
}
