/** Business hours in the organisation's own time zone, across its change of clocks. */
import { expect, test } from "vitest";
import { calendarAt } from "../../../lib/core/configuration/calendar.ts";

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
])("%s", (_, at, expected) => expect(calendarAt(Date.parse(at), LONDON)).toMatchObject(expected));
