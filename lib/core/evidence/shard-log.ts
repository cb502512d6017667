/** One shard of a log, for reading. */
import type { LogSource } from "./log-source.ts";

export interface ShardLog {
  readonly shard: number;
  readonly log: LogSource;
  /** Entries in it. */
  readonly size: number;
}
