/** What a backtest prints of each match; absent things are null, so that every line has the same keys. */
import type { Level } from "../../lib/core/record/finding.ts";

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
