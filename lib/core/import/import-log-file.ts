/** One log file: its records go into the intake queue as they are read. */
import { GatebookError } from "../errors.ts";
import { concurrently } from "../evidence/concurrently.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { type LogFile, uriOf, whyNotALog } from "./log-file.ts";
import { type LogRecord, readLogRecord } from "./log-record.ts";
import type { Cut } from "./record-cutter.ts";
import { splitRecords } from "./split-records.ts";
import { unfold } from "./unfold.ts";

/**
 * The file's bytes, as they are stored. Rejects with INPUT_INVALID when the file cannot be read until somebody does something, which the
 * message says; with anything else when it is worth trying again.
 */
export type OpenLogFile = (file: LogFile) => Promise<AsyncIterable<Uint8Array>>;

export interface ImportWorld {
  readonly open: OpenLogFile;
  readonly intake: IntakeQueue;
  /** The only bucket that is read. */
  readonly bucket: string;
  /** ARNs of Gatebook's own roles. */
  readonly ownRoles: ReadonlySet<string>;
}

/** What became of a file. `rejected`, with records or without: somebody has to look at it; its good records are kept all the same. */
export type Import =
  | { readonly outcome: "imported"; readonly records: number; readonly own: number }
  | { readonly outcome: "rejected"; readonly records: number; readonly own: number; readonly reason: string }
  | { readonly outcome: "skipped"; readonly reason: string };

/** A file with so many is none of ours. */
export const MAX_BAD_RECORDS = 1_000;

/** Of ten messages each, which is what SQS takes. */
const SENDS_AT_ONCE = 8;
const MESSAGES_PER_SEND = 10;

/** @throws what is worth trying again: all that was sent before is recorded once, however often it is sent */
export async function importLogFile(file: LogFile, world: ImportWorld): Promise<Import> {
  const uri = uriOf(file);
  const reason = whyNotALog(file.key);
  if (reason !== undefined) return { outcome: "skipped", reason: `${uri} was left alone: ${reason}` };
  const counts = { records: 0, own: 0 };
  const bad: string[] = [];
  try {
    requireBucket(file, world);
    for await (const cuts of splitRecords(unfold(await world.open(file)))) {
      const records = cuts.flatMap((cut) => readCut(cut, bad));
      // Recording reads and writes data, too, and publishing signs: each would have the log record itself for ever.
      const others = records.filter(({ dataCaller = "" }) => !world.ownRoles.has(dataCaller));
      counts.own += records.length - others.length;
      await sendAll(others, world.intake);
      counts.records += others.length;
      if (bad.length > MAX_BAD_RECORDS)
        throw new GatebookError("INPUT_INVALID", `has over ${MAX_BAD_RECORDS} bad records`);
    }
  } catch (cause) {
    if (!(cause instanceof GatebookError && cause.code === "INPUT_INVALID")) throw cause;
    bad.unshift(cause.message);
  }
  const [first, ...more] = bad;
  if (first === undefined) return { outcome: "imported", ...counts };
  const others = more.length === 0 ? "" : `; and ${more.length} more, beginning with: ${more[0]}`;
  const kept = `its ${counts.records + counts.own} good records are kept`;
  return { outcome: "rejected", ...counts, reason: `${uri} ${first}${others} (${kept})` };
}

function requireBucket({ bucket }: LogFile, world: ImportWorld): void {
  if (bucket === world.bucket) return;
  throw new GatebookError(
    "INPUT_INVALID",
    `was not read: sources.cloudtrailBucket of gatebook.yml is ${world.bucket}, and no other bucket is imported`,
  );
}

function readCut(cut: Cut, bad: string[]): LogRecord[] {
  try {
    if ("text" in cut) return [readLogRecord(cut.text)];
    bad.push(`has a bad record (${cut.n}, counted from 0): it ${cut.problem}`);
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    bad.push(`has a bad record (${cut.n}, counted from 0): ${cause.message}`);
  }
  return [];
}

/** Resolves when the queue has them all: the file is read no faster than that. */
async function sendAll(records: readonly LogRecord[], intake: IntakeQueue): Promise<void> {
  const sends: string[][] = [];
  for (let i = 0; i < records.length; i += MESSAGES_PER_SEND) {
    sends.push(records.slice(i, i + MESSAGES_PER_SEND).map(({ message }) => message));
  }
  await concurrently(SENDS_AT_ONCE, sends, async (messages) => {
    await intake.send(messages);
  });
}
