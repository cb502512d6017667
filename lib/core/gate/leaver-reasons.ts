/** Whether somebody who took part in a delivery has left. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { DeliveryPeople } from "./delivery-people.ts";
import type { GateReason } from "./gate-decision.ts";
import { nameOf } from "./name-of.ts";
import { inWords, partsIn } from "./parts.ts";

/** By the day of the question: what a leaver did before their last day is still to be looked at by somebody who is there. */
export function leaverReasons(
  people: DeliveryPeople,
  { configuration, now }: { readonly configuration: Configuration; readonly now: number },
): GateReason[] {
  const today = calendarOf(configuration)(now).date;
  const partsOf = partsIn(people);
  return configuration.people.flatMap(({ email, left }) => {
    const did = partsOf(email);
    if (left === undefined || left > today || did.length === 0) return [];
    return [{ check: "leaver", text: `${nameOf(email, configuration)}, who ${inWords(did)}, left on ${left}` }];
  });
}
