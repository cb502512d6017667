/** Whether somebody who took part in a delivery has left. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { GateReason } from "./gate-decision.ts";
import type { DeliveryPeople } from "./gate-facts.ts";
import { inWords, nameOf } from "./name-of.ts";

/** By the day of the question: what a leaver did before their last day is still to be looked at by somebody who is there. */
export function leaverReasons(
  { committers, reviewers, starters, approvers, editors }: DeliveryPeople,
  { configuration, now }: { readonly configuration: Configuration; readonly now: number },
): GateReason[] {
  const today = calendarOf(configuration)(now).date;
  const parts: readonly (readonly [did: string, who: readonly string[]])[] = [
    ["wrote", committers],
    ["reviewed", reviewers],
    ["started", starters],
    ["approved", approvers],
    ["last changed the pipeline of", editors],
  ];
  return configuration.people.flatMap(({ email, left }) => {
    const did = parts.flatMap(([what, who]) => (who.includes(email) ? [what] : []));
    if (left === undefined || left > today || did.length === 0) return [];
    return [{ check: "leaver", text: `${nameOf(email, configuration)}, who ${inWords(did)} it, left on ${left}` }];
  });
}
