/** Rules that ask what else is known of an event's delivery. */
import { linkCorrelations } from "../detections/correlation/link-correlations.ts";
import type { Rule } from "../detections/rule.ts";
import type { RuleSet } from "../detections/rule-set.ts";

const DELIVERY = "delivery.";
/** By whichever event of the delivery it is found: what was changed, and not who let it pass, is the fact. */
const CHANGED_AFTER = /^delivery\.changed_after_/;

/** Those that find something by one event alone: what is counted or seen for the first time was so when it was recorded. */
export function deliveryRules({ rules, correlations }: RuleSet): readonly Rule[] {
  const { silent } = linkCorrelations({ rules, correlations });
  return rules.filter((rule) => rule.firstSeen === undefined && !silent.has(rule.id) && asks(rule, isOfDelivery));
}

/** Whether the rule finds that something was changed after somebody had looked at it. */
export function isAboutChange(rule: Rule): boolean {
  return asks(rule, (field) => CHANGED_AFTER.test(field));
}

function isOfDelivery(field: string): boolean {
  return field.startsWith(DELIVERY);
}

function asks({ selections }: Rule, matches: (field: string) => boolean): boolean {
  return selections.some(({ alternatives }) => alternatives.flat().some(({ field }) => matches(field)));
}
