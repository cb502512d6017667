/** Emergency access in a delivery stops it until somebody has explained it. */
import { explainBreakGlass } from "../alerting/next-commands.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { EmergencyInDelivery } from "./break-glass-facts.ts";
import type { GateReason } from "./gate-decision.ts";
import type { Known } from "./known.ts";
import { listed, nameOf } from "./name-of.ts";

export function breakGlassReasons(
  emergencies: Known<readonly EmergencyInDelivery[]>,
  configuration: Configuration,
): GateReason[] {
  if ("unknown" in emergencies) return [];
  return emergencies.known
    .filter(({ unexplained }) => unexplained.length > 0)
    .map(({ session, people, unexplained }) => {
      const who = people.length === 0 ? "somebody" : listed(people.map((person) => nameOf(person, configuration)));
      const since = new Date(unexplained[0] ?? 0).toISOString();
      const text = `${who} used break-glass access in it at ${since}, and nobody has explained it: ${explainBreakGlass(session)}`;
      return { check: "break-glass", text };
    });
}

/** Whose word lets it pass is said with it. The word itself is in the evidence: a public repository's comments are everybody's. */
export function breakGlassRemarks(
  emergencies: Known<readonly EmergencyInDelivery[]>,
  configuration: Configuration,
): string[] {
  if ("unknown" in emergencies) return [];
  return emergencies.known.flatMap(({ session, unexplained, explanation }) => {
    if (unexplained.length > 0 || explanation === undefined) return [];
    const { by, usedIt } = explanation;
    const whose = { yes: ", who used it", no: ", who did not use it", unknown: "" }[usedIt];
    return [`break-glass access as ${session} was explained by ${nameOf(by, configuration)}${whose}`];
  });
}
