/** A finding counts for more where it touches what the organisation calls critical. */
import type { Configuration } from "../configuration/configuration.ts";
import { type Finding, LEVELS } from "./finding.ts";

/**
 * Makes the step that raises a finding by one level where one of its components is critical. What was raised already stays as it is, and so
 * does what is critical itself.
 */
export function levelRaiser({ components }: Pick<Configuration, "components">): (finding: Finding) => Finding {
  const critical = new Set(components.filter(({ sensitivity }) => sensitivity === "critical").map(({ name }) => name));
  return (finding) => {
    const { level, raisedFrom, components: touched = [] } = finding;
    if (raisedFrom !== undefined || !touched.some((name) => critical.has(name))) return finding;
    const next = LEVELS[LEVELS.indexOf(level) + 1];
    return next === undefined ? finding : { ...finding, level: next, raisedFrom: level };
  };
}
