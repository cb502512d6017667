/** Findings that somebody answers for: not mailed until a day that they named. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import type { Finding } from "../record/finding.ts";

export type Suppression = Configuration["alerts"]["suppressions"][number];

type Suppressible = Pick<Finding, "rule" | "principal" | "person" | "resource">;

export interface Suppressed {
  /** The one that holds the mail back. */
  readonly active?: Suppression;
  /** Else the one that did so last, and does no longer. */
  readonly expired?: Suppression;
}

/** @param now epoch milliseconds; the last day of a suppression ends at midnight in the organisation's time zone */
export function suppressionOf(
  finding: Suppressible,
  { alerts, timezone, businessHours }: Pick<Configuration, "alerts" | "timezone" | "businessHours">,
  now: number,
): Suppressed {
  const covering = alerts.suppressions.filter((suppression) => covers(suppression, finding));
  if (covering.length === 0) return {};
  const today = calendarOf({ timezone, businessHours })(now).date;
  const [longest] = covering.toSorted((a, b) => (a.until < b.until ? 1 : -1));
  if (longest === undefined) return {};
  return longest.until >= today ? { active: longest } : { expired: longest };
}

function covers({ rule, principal, resource }: Suppression, finding: Suppressible): boolean {
  return (
    (rule === finding.rule.id || rule === finding.rule.title) &&
    (principal === undefined || [finding.principal, finding.person ?? ""].some(matcherOf([principal]))) &&
    (resource === undefined || matcherOf([resource])(finding.resource ?? ""))
  );
}
