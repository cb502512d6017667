/** What a backtest finds. */
import type { PastFinding, Span } from "../../lib/core/alerting/expected-alerts.ts";
import type { Level } from "../../lib/core/record/finding.ts";

/** What is printed of each match; absent things are null, so that every line has the same keys. */
export interface BacktestMatch {
  /** FILE:N, N counting the records of that file from 0. */
  readonly at: string;
  /** The source's own event id. */
  readonly event: string | null;
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  /** ISO 8601. */
  readonly time: string | null;
  readonly principal: string | null;
  readonly resource: string | null;
}

export interface Backtested {
  readonly matches: readonly BacktestMatch[];
  /** The same matches as what would have been told of them. */
  readonly findings: readonly PastFinding[];
  /** Of all events; undefined where none tells its time. */
  readonly span: Span | undefined;
}

/** @param times epoch milliseconds; NaN where nobody knows */
export function spanOf(times: Iterable<number>): Span | undefined {
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    if (time < from) from = time;
    if (time > until) until = time;
  }
  return from <= until ? { from, until } : undefined;
}
