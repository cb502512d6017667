/** Which emergency session somebody means: by its name, or by one of its events. */
import { parsePlace } from "../evidence/entry-place.ts";
import { HOT_MS } from "../evidence/event-index.ts";
import { type EmergencyHour, HOUR_MS } from "./break-glass-index.ts";
import type { UsesWorld } from "./list-uses.ts";
import { MAX_COUNTED } from "./open-use.ts";

/** @returns its hours; none where there is no such session */
export async function hoursOfSession(use: string, world: UsesWorld): Promise<readonly EmergencyHour[]> {
  const now = world.now();
  const hours = await world.index.emergencyHours({ since: now - HOT_MS, until: now + HOUR_MS });
  const session = hours.some((hour) => hour.session === use) ? use : await sessionOfEvent(use, hours, world);
  return hours.filter((hour) => hour.session === session);
}

async function sessionOfEvent(
  event: string,
  hours: readonly EmergencyHour[],
  { index, recordAt }: UsesWorld,
): Promise<string | undefined> {
  const place = parsePlace(event);
  if (place !== undefined) return (await recordAt(place))?.breakGlass;
  for (const hour of hours.toReversed()) {
    const accesses = await index.accessesIn(hour, { since: hour.hour, limit: MAX_COUNTED, from: "first" });
    if (accesses.some(({ eventKey }) => eventKey.slice(eventKey.indexOf("#") + 1) === event)) return hour.session;
  }
  return undefined;
}
