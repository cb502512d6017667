/** Events that are in the log, read back by their place. */
import { GatebookError } from "../errors.ts";
import { decodeRecord } from "../record/decode-record.ts";
import type { RecordedEvents } from "../record/state-before.ts";
import type { HeadStore } from "./head.ts";
import type { LogSource } from "./log-source.ts";
import { readEntry } from "./read-entries.ts";

/** For recording, which asks for what is well behind the head. */
export function recordedEvents(log: LogSource, heads: Pick<HeadStore, "read">): RecordedEvents {
  return {
    async rawAt(logIndex) {
      const head = await heads.read();
      const bytes = head && (await readBehindHead(log, head.size, logIndex));
      if (bytes === undefined) return undefined;
      const { event, payload } = decodeRecord(bytes);
      if (payload === undefined) return event.raw_data;
      const raw = await log.read(`payload/${payload.sha256}`);
      return raw && Buffer.from(raw).toString("utf8");
    },
  };
}

/** Another writer may have moved the head and not have stored its objects yet: then the tail cannot be read for a moment. */
async function readBehindHead(log: LogSource, size: number, logIndex: number): Promise<Uint8Array | undefined> {
  try {
    return await readEntry(log, size, logIndex);
  } catch (cause) {
    if (cause instanceof GatebookError && cause.code === "LOG_CORRUPT") return undefined;
    throw cause;
  }
}
