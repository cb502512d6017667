/** The periods of `review.schedule`, by the calendar of the organisation's own time zone. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";

type Schedule = Configuration["review"]["schedule"];

const MONTHS: Readonly<Record<Schedule, number>> = { monthly: 1, quarterly: 3, yearly: 12 };
const MONTHS_A_YEAR = 12;

interface ReviewPeriods {
  /** `2026-11`, `2026-Q4` or `2026`. */
  readonly current: string;
  readonly previous: string;
}

/** @param now epoch milliseconds */
export function periodsAt(
  configuration: Pick<Configuration, "review" | "timezone" | "businessHours">,
  now: number,
): ReviewPeriods {
  const { schedule } = configuration.review;
  const [year = 0, month = 1] = calendarOf(configuration)(now).date.split("-").map(Number);
  const count = Math.floor((year * MONTHS_A_YEAR + month - 1) / MONTHS[schedule]);
  return { current: nameOf(count, schedule), previous: nameOf(count - 1, schedule) };
}

/** @param count of whole periods since the year 0 */
function nameOf(count: number, schedule: Schedule): string {
  const inYear = MONTHS_A_YEAR / MONTHS[schedule];
  const year = String(Math.floor(count / inYear));
  const part = (count % inYear) + 1;
  switch (schedule) {
    case "yearly":
      return year;
    case "quarterly":
      return `${year}-Q${part}`;
    case "monthly":
      return `${year}-${String(part).padStart(2, "0")}`;
  }
}
