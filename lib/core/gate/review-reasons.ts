/** Whether somebody who took part in a delivery is overdue in the access review. */
import { nameOfPlace } from "../access/access-question.ts";
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { ReviewedItem } from "../review/standing.ts";
import type { DeliveryPeople } from "./delivery-people.ts";
import type { GateReason } from "./gate-decision.ts";
import { nameOf } from "./name-of.ts";
import { inWords, partsIn } from "./parts.ts";

export function reviewReasons(
  people: DeliveryPeople,
  overdue: readonly ReviewedItem[],
  configuration: Configuration,
): GateReason[] {
  const partsOf = partsIn(people);
  const dayOf = calendarOf(configuration);
  return overdue.flatMap(({ item, decision, certifiers, due = 0 }) => {
    const did = partsOf(item.person);
    if (did.length === 0) return [];
    const who = `${nameOf(item.person, configuration)}, who ${inWords(did)},`;
    const role = `${item.role} of ${nameOfPlace(item)}`;
    const since = `due since ${dayOf(due).date}`;
    const names = certifiers.map((certifier) => nameOf(certifier, configuration)).join(" or ");
    const text =
      decision === undefined
        ? `${who} has not been certified as ${role}: ${since}; ask ${names} (gatebook review decide)`
        : `${who} should no longer be ${role}, says ${nameOf(decision.by, configuration)}, and gatebook.yml still has it: ${since}; take it out there`;
    return [{ check: "review", text }];
  });
}
