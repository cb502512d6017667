/** EventBridge's schedule expressions, in UTC (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html). */
import { Cron } from "croner";

/** When a schedule is due next. `anchor` is when it began, which `rate` counts from; undefined when it is never due again. */
export type NextTime = (times: { readonly after: number; readonly anchor: number }) => number | undefined;

export interface Schedule {
  readonly name: string;
  /** `rate(5 minutes)` or `cron(0 9 ? * MON-FRI *)`. */
  readonly expression: string;
  /** @param scheduledAt the time that it was due, epoch milliseconds. */
  run(scheduledAt: number): Promise<void>;
}

const MINUTE_MS = 60_000;
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["minute", MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["day", 24 * 60 * MINUTE_MS],
]);

/** @throws RangeError for an expression that EventBridge would refuse, saying why. */
export function parseSchedule(expression: string): NextTime {
  const [, kind, fields = ""] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return parseRate(fields);
  if (kind === "cron") return parseCron(fields.trim().split(/\s+/));
  throw new RangeError(`${expression} is neither rate(VALUE UNIT) nor cron(FIELDS)`);
}

function parseRate(fields: string): NextTime {
  const [, digits = "", unit = "", plural] = /^([1-9]\d{0,8}) (minute|hour|day)(s)?$/.exec(fields) ?? [];
  const value = Number(digits);
  const unitMs = UNIT_MS.get(unit);
  if (unitMs === undefined || (value === 1) === (plural !== undefined)) {
    throw new RangeError(`rate(${fields}) is not a positive number and minute(s), hour(s) or day(s), singular for one`);
  }
  const period = value * unitMs;
  return ({ after, anchor }) => anchor + Math.max(1, Math.floor((after - anchor) / period) + 1) * period;
}

const CRON_FIELDS = 6;

function parseCron(fields: readonly string[]): NextTime {
  const written = `cron(${fields.join(" ")})`;
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== CRON_FIELDS || dayOfMonth === undefined || dayOfWeek === undefined) {
    throw new RangeError(`${written} needs six fields: minutes, hours, day of month, month, day of week, year`);
  }
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new RangeError(`${written} needs ? as its day of month or its day of week, and not as both`);
  }
  // Croner wants seconds first and reads ? as the current time in other versions; a lone L is EventBridge's last day of the week.
  const days = [dayOfMonth, month, dayOfWeek === "L" ? "7" : dayOfWeek].map((field) => (field === "?" ? "*" : field));
  try {
    const cron = new Cron(["0", minutes, hours, ...days, year].join(" "), {
      mode: "7-part",
      timezone: "UTC",
      alternativeWeekdays: true,
      sloppyRanges: true,
      paused: true,
    });
    return ({ after }) => cron.nextRun(new Date(after))?.getTime();
  } catch (cause) {
    throw new RangeError(`${written} does not parse`, { cause });
  }
}

/** A timer cannot wait longer than 24.8 days, and does not notice that the machine slept: look at the clock this often. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

export interface ScheduleOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of a run that failed; the schedule goes on. */
  readonly onFault: (name: string, error: unknown) => void;
}

/**
 * Runs each schedule when it is due. What fell due while the machine slept is not made up for, as EventBridge itself promises one delivery
 * per due time and no history.
 *
 * @returns `close` stops them and waits for the runs under way.
 */
export function startSchedules(
  schedules: readonly Schedule[],
  { now, onFault }: ScheduleOptions,
): { close(): Promise<void> } {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const anchor = now();

  const wait = (schedule: Schedule, due: number, nextTime: NextTime): void => {
    const timer = setTimeout(() => wake(schedule, due, nextTime), Math.min(Math.max(due - now(), 0), LONGEST_WAIT_MS));
    timers.set(schedule.name, timer);
  };
  const wake = (schedule: Schedule, due: number, nextTime: NextTime): void => {
    if (now() < due) {
      wait(schedule, due, nextTime);
      return;
    }
    const run = schedule.run(due).catch((error: unknown) => onFault(schedule.name, error));
    running.add(run);
    void run.finally(() => running.delete(run));
    const next = nextTime({ after: now(), anchor });
    if (next !== undefined) wait(schedule, next, nextTime);
  };

  for (const schedule of schedules) {
    const nextTime = parseSchedule(schedule.expression);
    const first = nextTime({ after: anchor, anchor });
    if (first !== undefined) wait(schedule, first, nextTime);
  }
  return {
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
