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

/** @param at epoch milliseconds */
export function calendarAt(
  at: number,
  { timezone, businessHours }: Pick<Configuration, "timezone" | "businessHours">,
): Calendar {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
  const date = local.toPlainDate().toString();
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  // ISO weekdays run from 1 (Monday) to 7.
  const weekday = WEEKDAYS[local.dayOfWeek - 1] ?? "mon";
  const holiday = businessHours.holidays.includes(date);
  const isWorkday = businessHours.days.includes(weekday) && !holiday;
  return {
    date,
    time,
    weekday,
    holiday,
    business_hours: isWorkday && time >= businessHours.from && time < businessHours.to,
  };
}
