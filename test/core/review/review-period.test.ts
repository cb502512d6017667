/** Periods end at midnight where the organisation is, not in London. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { periodsAt } from "../../../lib/core/review/review-period.ts";

const HOUR_MS = 60 * 60 * 1000;
const SCHEDULES = ["monthly", "quarterly", "yearly"] as const;

function periods(schedule: (typeof SCHEDULES)[number], timezone: string, at: number) {
  const alerts = { email: ["a@acme.example"] };
  return periodsAt(Configuration.parse({ organisation: "acme", alerts, timezone, review: { schedule } }), at);
}

describe("a period", () => {
  test.each([
    ["monthly", "UTC", "2026-11-23T10:00:00Z", "2026-11", "2026-10"],
    ["monthly", "UTC", "2026-01-01T00:00:00Z", "2026-01", "2025-12"],
    ["quarterly", "UTC", "2026-12-31T23:59:59Z", "2026-Q4", "2026-Q3"],
    ["quarterly", "UTC", "2027-01-01T00:00:00Z", "2027-Q1", "2026-Q4"],
    ["yearly", "UTC", "2026-06-01T00:00:00Z", "2026", "2025"],
    ["quarterly", "Pacific/Auckland", "2026-09-30T10:59:59Z", "2026-Q3", "2026-Q2"],
    ["quarterly", "Pacific/Auckland", "2026-09-30T11:00:00Z", "2026-Q4", "2026-Q3"],
    ["monthly", "America/New_York", "2026-11-01T03:59:59Z", "2026-10", "2026-09"],
    ["monthly", "America/New_York", "2026-11-01T04:00:00Z", "2026-11", "2026-10"],
    ["yearly", "Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027", "2026"],
  ] as const)("of a %s schedule in %s is at %s %s, after %s", (schedule, zone, at, current, previous) => {
    expect(periods(schedule, zone, Date.parse(at))).toEqual({ current, previous });
  });

  test("follows the one that it names as its previous one, whatever the time and the zone", () => {
    const at = fc.integer({ min: Date.parse("2000-01-01"), max: Date.parse("2100-01-01") });
    const zone = fc.constantFrom("UTC", "Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata");
    fc.assert(
      fc.property(fc.constantFrom(...SCHEDULES), zone, at, (schedule, timezone, time) => {
        const { current, previous } = periods(schedule, timezone, time);
        // Back day by day, the first other period is the one before.
        let earlier = time;
        while (periods(schedule, timezone, earlier).current === current) earlier -= 24 * HOUR_MS;
        expect(periods(schedule, timezone, earlier).current).toBe(previous);
        expect(previous < current).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
