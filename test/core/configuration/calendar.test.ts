/** Business hours in the organisation's own time zone, across its change of clocks. */
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { calendarOf } from "../../../lib/core/configuration/calendar.ts";

const LONDON = {
  timezone: "Europe/London",
  businessHours: {
    days: ["mon" as const, "tue" as const, "wed" as const, "thu" as const, "fri" as const],
    from: "08:00",
    to: "18:00",
    holidays: ["2026-12-25"],
  },
};

test.each([
  ["a working morning", "2026-11-18T09:30:00Z", { weekday: "wed", time: "09:30", business_hours: true }],
  ["the first minute", "2026-11-18T08:00:00Z", { business_hours: true }],
  ["the minute before", "2026-11-18T07:59:59Z", { time: "07:59", business_hours: false }],
  ["the end, which is outside", "2026-11-18T18:00:00Z", { business_hours: false }],
  ["a Saturday", "2026-11-21T11:00:00Z", { weekday: "sat", business_hours: false }],
  ["a holiday", "2026-12-25T11:00:00Z", { holiday: true, business_hours: false }],
  ["summer time, an hour ahead of UTC", "2026-07-01T07:30:00Z", { time: "08:30", business_hours: true }],
  ["the evening before, in another zone's day", "2026-07-01T23:30:00Z", { date: "2026-07-02", time: "00:30" }],
])("%s", (_, at, expected) => expect(calendarOf(LONDON)(Date.parse(at))).toMatchObject(expected));

/** Half hours, a quarter past, changes of half an hour, of a whole day, and in the middle of a UTC hour. */
const ZONES = ["UTC", "Europe/London", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
const SPAN = { min: Date.parse("1990-01-01"), max: Date.parse("2038-01-01") };
const HOUR_MS = 60 * 60 * 1000;

test.each(ZONES)(
  "date, time and weekday in %s are Temporal's, in whatever order instants are asked about",
  (timezone) => {
    const calendarAt = calendarOf({ ...LONDON, timezone });
    const zone = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
    // Close to the next change of clocks, where there is one, since nearly all instants are far from any.
    const near = fc.tuple(fc.integer(SPAN), fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS })).map(([at, apart]) => {
      const change = zone(at).getTimeZoneTransition("next");
      return (change === null ? at : change.epochMilliseconds) + apart;
    });
    const instants = fc.array(fc.oneof(near, fc.integer(SPAN)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(instants, (all) => {
        for (const at of all) {
          const local = zone(at);
          const { date, time, weekday } = calendarAt(at);
          expect(date).toBe(local.toPlainDate().toString());
          expect(time).toBe(local.toPlainTime().toString({ smallestUnit: "minute" }));
          expect(weekday).toBe(["mon", "tue", "wed", "thu", "fri", "sat", "sun"][local.dayOfWeek - 1]);
        }
      }),
    );
  },
);

test.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
  "the last years that a source can write do not fail: %s",
  (at) => {
    for (const timezone of ZONES)
      expect(calendarOf({ ...LONDON, timezone })(Date.parse(at)).time).toMatch(/^\d\d:\d\d$/);
  },
);
