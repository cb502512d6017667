/** How loud rules would have been is what notify would have made of their findings. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectAlerts, type PastFinding, type Span } from "../../../lib/core/alerting/expected-alerts.ts";
import { MINUTE_MS, startWorld } from "./alert-world.ts";
import { FINDING, findingWith } from "./findings.ts";

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const { configuration } = startWorld().notifier;
const WEEK: Span = { from: FINDING.time, until: FINDING.time + 7 * DAY_MS };

const at = (minutes: number, members: Partial<PastFinding> = {}): PastFinding =>
  findingWith({ uid: `after-${minutes}`, time: FINDING.time + minutes * MINUTE_MS, ...members });

const alertsOf = (...findings: PastFinding[]): number[] =>
  expectAlerts(findings, configuration, WEEK).map(({ alerts }) => alerts);

describe("what repeats within an hour", () => {
  test.each([
    ["is the first mail", [0], 1],
    ["is the first mail, and one that counts the others", [0, 1, 2, 59], 2],
    ["is a mail of its own when the hour is over", [0, 60], 2],
    ["is in the mail that the others wait for, and what comes after that waits for the next", [0, 10, 70, 80], 3],
    ["is a mail of its own when nobody waited in the hour before", [0, 10, 130], 3],
    ["is so in whichever order it is told", [130, 0, 10], 3],
  ])("%s", (_, minutes, mails) => {
    expect(alertsOf(...minutes.map((minute) => at(minute)))).toEqual([mails]);
  });

  test("of another principal or resource is another mail", () => {
    const { resource: _, ...nowhere } = at(3);
    expect(alertsOf(at(0), at(1, { principal: "github:bochen" }), at(2, { resource: "arn:other" }), nowhere)).toEqual([
      4,
    ]);
  });

  test("is one finding where it is the same one", () => {
    expect(alertsOf(at(0), at(30, { uid: "after-0" }), at(90, { uid: "after-0" }))).toEqual([1]);
  });

  test("is a mail each where gatebook.yml has it so", () => {
    const alerts = { ...configuration.alerts, repeatAfterMinutes: 0 };
    const findings = [at(0), at(0, { uid: "other" }), at(1)];
    expect(expectAlerts(findings, { ...configuration, alerts }, WEEK)).toMatchObject([{ alerts: 3 }]);
  });

  test("cannot be told of what has no time, which is a mail each", () => {
    expect(alertsOf(at(0), at(1, { time: Number.NaN }), at(2, { time: Number.NaN }))).toEqual([3]);
  });

  test("is as many mails as notify and the digest send", async () => {
    const minute = fc.integer({ min: 0, max: 40 });
    const principal = fc.constantFrom("github:analima", "github:bochen");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(minute, principal), { minLength: 1, maxLength: 25 }), async (drawn) => {
        const alerts = { repeatAfterMinutes: 5, maxMailsPerMinute: 1_000 };
        const { notifier, mails, clock, deliver, runMinutes } = startWorld({ alerts });
        const start = clock.now;
        const findings = drawn
          .map(([minutes, who], i) => findingWith({ uid: `${i}`, principal: who, time: start + minutes * MINUTE_MS }))
          .sort((a, b) => a.time - b.time);
        for (const finding of findings) {
          await runMinutes((finding.time - clock.now) / MINUTE_MS);
          await deliver(finding);
        }
        await runMinutes(10);
        expect(expectAlerts(findings, notifier.configuration, undefined)).toMatchObject([{ alerts: mails.length }]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("nobody would have been told", () => {
  test("of what is below the minimum level, which is counted", () => {
    const [outlook] = expectAlerts([at(0, { level: "low" }), at(1), at(2, { level: "critical" })], configuration, WEEK);
    expect(outlook).toMatchObject({ level: "critical", matches: 3, alerts: 2, belowLevel: 1, suppressed: 0 });
  });

  test("of what somebody answers for, on the days that they named", () => {
    const rule = FINDING.rule.id;
    const suppression = { rule, owner: "bo@acme.example", reason: "Known.", until: "2026-07-01" };
    const alerts = { ...configuration.alerts, suppressions: [suppression] };
    const findings = [at(0), at(24 * 60), at(1, { time: Number.NaN })];
    expect(expectAlerts(findings, { ...configuration, alerts }, WEEK)).toMatchObject([
      { matches: 3, alerts: 1, suppressed: 2 },
    ]);
  });

  test("of a staged rule, and the outlook says what they would have been spared", () => {
    expect(expectAlerts([at(0, { staged: true })], configuration, WEEK)).toMatchObject([{ staged: true, alerts: 1 }]);
    expect(expectAlerts([at(0)], configuration, WEEK)).toMatchObject([{ staged: false, alerts: 1 }]);
  });
});

describe("the outlook of a rule", () => {
  test.each([
    ["the time that the events are of", 14 * DAY_MS, 1],
    ["less than a week, as far as it goes", 2 * DAY_MS, 7],
    ["less than a day, which tells nothing", DAY_MS - 1, undefined],
  ])("counts its alerts per week over %s", (_, length, perWeek) => {
    const span = { from: WEEK.from, until: WEEK.from + length };
    expect(expectAlerts([at(0), at(90)], configuration, span)[0]?.perWeek).toBe(perWeek);
  });

  test("has no rate where no event tells its time", () => {
    expect(expectAlerts([at(0)], configuration, undefined)[0]).not.toHaveProperty("perWeek");
  });

  test("names the three who made most of its matches: the person, or the principal of whom nobody knows", () => {
    const { person: _, ...unknown } = at(0);
    const from = (principal: string, matches: number): PastFinding[] =>
      Array.from({ length: matches }, (__, i) => ({ ...unknown, uid: `${principal}-${i}`, principal }));
    const asAna = [at(1), at(2, { principal: "github:analima" })];
    const findings = [...from("github:zoe", 1), ...from("github:bochen", 3), ...asAna, ...from("github:adam", 1)];
    expect(expectAlerts(findings, configuration, WEEK)[0]?.by).toEqual([
      { who: "github:bochen", matches: 3 },
      { who: "ana@acme.example", matches: 2 },
      { who: "github:adam", matches: 1 },
    ]);
  });

  test("comes before those of quieter rules", () => {
    const other = (minutes: number) => at(minutes, { rule: { id: "other", title: "Another" } });
    expect(expectAlerts([at(0), other(0), other(90)], configuration, WEEK).map(({ rule }) => rule.title)).toEqual([
      "Another",
      FINDING.rule.title,
    ]);
    expect(expectAlerts([], configuration, WEEK)).toEqual([]);
  });
});
