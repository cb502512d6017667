/** Events that are in the log, read back by their place. */
import { GatebookError } from "../errors.ts";
import { decodeRecord } from "../record/decode-record.ts";
import type { RecordedEvents } from "../record/state-before.ts";
import type { HeadStore } from "./head.ts";
import type { LogSource } from "./log-source.ts";
import { readEntry } from "./read-entries.ts";
import { shardLog } from "./shard-stores.ts";

/**
 * For recording, which asks for what is well behind the head.
 *
 * @param headOf one shard's
 */
export function recordedEvents(all: LogSource, headOf: (shard: number) => Pick<HeadStore, "read">): RecordedEvents {
  return {
    async rawAt({ shard, index }) {
      const head = await headOf(shard).read();
      if (head === undefined) return undefined;
      try {
        return await readRaw(shardLog(all, shard), head.size, index);
      } catch (cause) {
        // Another writer may have moved the head and not have stored its objects yet, or a later Gatebook written the entry. Neither may keep
        // the events after it from being recorded, and the log is verified elsewhere.
        if (cause instanceof GatebookError && cause.code === "LOG_CORRUPT") return undefined;
        throw cause;
      }
    },
  };
}

async function readRaw(log: LogSource, size: number, logIndex: number): Promise<string | undefined> {
  const bytes = await readEntry(log, size, logIndex);
  if (bytes === undefined) return undefined;
  const { event, payload } = decodeRecord(bytes);
  if (payload === undefined) return event.raw_data;
  const raw = await log.read(`payload/${payload.sha256}`);
  return raw && Buffer.from(raw).toString("utf8");
}
