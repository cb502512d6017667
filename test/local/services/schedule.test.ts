/** Schedule expressions, after the examples of EventBridge's documentation. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseSchedule, startSchedules } from "../../../lib/local/schedule.ts";

const START = Date.parse("2026-11-22T16:00:30Z");

function nextTimes(expression: string, count: number): string[] {
  const next = parseSchedule(expression);
  const times: number[] = [];
  for (let after = START; times.length < count; after = times.at(-1) ?? after) {
    const time = next({ after, anchor: START });
    if (time === undefined) break;
    times.push(time);
  }
  return times.map((time) => new Date(time).toISOString().replace(".000Z", "Z"));
}

test.each<[string, string[]]>([
  ["rate(1 minute)", ["2026-11-22T16:01:30Z", "2026-11-22T16:02:30Z"]],
  ["rate(12 hours)", ["2026-11-23T04:00:30Z", "2026-11-23T16:00:30Z"]],
  ["rate(1 day)", ["2026-11-23T16:00:30Z", "2026-11-24T16:00:30Z"]],
  ["cron(0 10 * * ? *)", ["2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"]],
  ["cron(0/15 * * * ? *)", ["2026-11-22T16:15:00Z", "2026-11-22T16:30:00Z"]],
  ["cron(0 18 ? * MON-FRI *)", ["2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z"]],
  ["cron(0 8 1 * ? *)", ["2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"]],
  ["cron(0 8 1 1/3 ? *)", ["2027-01-01T08:00:00Z", "2027-04-01T08:00:00Z"]],
  ["cron(0 9 ? * 2 *)", ["2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z"]],
  ["cron(0 9 ? * L *)", ["2026-11-28T09:00:00Z", "2026-12-05T09:00:00Z"]],
  ["cron(0 9 ? * 6L *)", ["2026-11-27T09:00:00Z", "2026-12-25T09:00:00Z"]],
  ["cron(0 9 ? * 3#2 *)", ["2026-12-08T09:00:00Z", "2027-01-12T09:00:00Z"]],
  ["cron(0 9 L * ? *)", ["2026-11-30T09:00:00Z", "2026-12-31T09:00:00Z"]],
  ["cron(0 9 3W * ? *)", ["2026-12-03T09:00:00Z", "2027-01-04T09:00:00Z"]],
  ["cron(0 0 29 2 ? *)", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]],
  ["cron(15 10 ? * 6L 2019-2022)", []],
])("%s is due at %j", (expression, expected) => {
  expect(nextTimes(expression, 2)).toEqual(expected);
});

test.each([
  "every minute",
  "rate(1 minutes)",
  "rate(2 minute)",
  "rate(0 minutes)",
  "rate(1.5 hours)",
  "rate(1 week)",
  "cron(0 10 * * *)",
  "cron(0 10 * * * *)",
  "cron(0 10 ? * ? *)",
  "cron(60 10 * * ? *)",
  "cron(0 10 * * ? * ; x)",
  "cron(@daily)",
  "",
])("%s is refused", (expression) => {
  expect(() => parseSchedule(expression)).toThrow(RangeError);
});

describe("running schedules", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const MINUTE_MS = 60_000;
  const now = (): number => Date.now();
  const onFault = (): void => undefined;

  test("run when they are due, with the time that they were due at", async () => {
    const runs: number[] = [];
    const run = async (at: number): Promise<void> => void runs.push(at - START);
    const schedules = startSchedules([{ name: "minute", expression: "rate(1 minute)", run }], { now, onFault });
    await vi.advanceTimersByTimeAsync(3 * MINUTE_MS);
    expect(runs).toEqual([MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS]);
    await schedules.close();
    await vi.advanceTimersByTimeAsync(3 * MINUTE_MS);
    expect(runs).toHaveLength(3);
  });

  test("wait longer than a timer can", async () => {
    const runs: string[] = [];
    const run = async (at: number): Promise<void> => void runs.push(new Date(at).toISOString());
    const schedules = startSchedules([{ name: "quarter", expression: "cron(0 8 1 1/3 ? *)", run }], { now, onFault });
    await vi.advanceTimersByTimeAsync(60 * 24 * 60 * MINUTE_MS);
    expect(runs).toEqual(["2027-01-01T08:00:00.000Z"]);
    await schedules.close();
  });

  test("go on after a run that failed, and tell of it", async () => {
    const faults: string[] = [];
    const schedules = startSchedules(
      [{ name: "minute", expression: "rate(1 minute)", run: () => Promise.reject(new Error("no")) }],
      { now, onFault: (name, error) => faults.push(`${name}: ${String(error)}`) },
    );
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(faults).toEqual(["minute: Error: no", "minute: Error: no"]);
    await schedules.close();
  });

  test("are closed once the runs under way are through", async () => {
    let finish = (): void => undefined;
    const run = (): Promise<void> =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const schedules = startSchedules([{ name: "minute", expression: "rate(1 minute)", run }], { now, onFault });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    let closed = false;
    const closing = schedules.close().then(() => {
      closed = true;
    });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(closed).toBe(false);
    finish();
    await closing;
  });
});
