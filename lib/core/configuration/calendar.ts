/** When the organisation works: local weekday, time, holiday and business hours of an instant. */
import { Temporal } from "temporal-polyfill";
import { type Configuration, WEEKDAYS, type Weekday } from "./configuration.ts";

export interface Calendar {
  /** In the organisation's time zone, as `YYYY-MM-DD`. */
  readonly date: string;
  /** In the organisation's time zone, as `HH:MM`. */
  readonly time: string;
  readonly weekday: Weekday;
  readonly holiday: boolean;
  /** From `from` up to, not including, `to` on a working day that is no holiday. */
  readonly business_hours: boolean;
}

const HOUR_MS = 60 * 60 * 1000;
const NANOSECONDS_PER_MS = 1_000_000;
/** Hours whose offset is kept: events come from a few, and whoever sends others costs time and no memory. */
const MAX_HOURS = 1_000;

/** Makes the calendar of an instant in epoch milliseconds. */
export function calendarOf({
  timezone,
  businessHours,
}: Pick<Configuration, "timezone" | "businessHours">): (at: number) => Calendar {
  const { days, from, to } = businessHours;
  const holidays = new Set(businessHours.holidays);
  const offsetAt = offsetsOf(timezone);
  return (at) => {
    // As if the local time were UTC: nobody but us sees this instant.
    const local = new Date(at + offsetAt(at));
    const [date = "", timeOfDay = ""] = local.toISOString().split("T");
    const time = timeOfDay.slice(0, "HH:MM".length);
    // A JavaScript week begins on Sunday, ours on Monday.
    const weekday = WEEKDAYS[(local.getUTCDay() + WEEKDAYS.length - 1) % WEEKDAYS.length] ?? "mon";
    const holiday = holidays.has(date);
    const isWorkday = days.includes(weekday) && !holiday;
    return { date, time, weekday, holiday, business_hours: isWorkday && time >= from && time < to };
  };
}

/**
 * How far the zone's local time is ahead of UTC, in milliseconds. Temporal takes longer for one instant than the rest of an event's way does
 * for several of its steps, so an hour that begins and ends with the same offset is asked about once: no zone changed twice within one.
 */
function offsetsOf(timezone: string): (at: number) => number {
  const offsets = new Map<number, number>();
  const ask = (at: number): number =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).offsetNanoseconds / NANOSECONDS_PER_MS;
  return (at) => {
    const hour = Math.floor(at / HOUR_MS);
    const known = offsets.get(hour);
    if (known !== undefined) return known;
    const offset = ask(at);
    if (offset === ask(hour * HOUR_MS) && offset === ask((hour + 1) * HOUR_MS)) {
      if (offsets.size >= MAX_HOURS) offsets.clear();
      offsets.set(hour, offset);
    }
    return offset;
  };
}
