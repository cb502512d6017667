/** One message of the log-file queue: each file that it names, and what has to be put aside. */
import { GatebookError } from "../errors.ts";
import { clip } from "../record/clip.ts";
import type { Arrival, Rejected } from "../record/recorder.ts";
import { type Import, type ImportWorld, importLogFile } from "./import-log-file.ts";
import { type LogFile, noticeOf } from "./log-file.ts";
import { readLogFileNotice } from "./log-file-notice.ts";

/** Of a reason, which travels with the message. A key alone may have 1,024 characters, each an escape of six. */
const REASON_BOUNDS = { characters: 8_192, items: 0 };

export interface ImportedNotice {
  readonly imports: readonly Import[];
  /** The message itself when it tells of no file; else a message for each file that somebody has to look at. */
  readonly rejected: readonly Rejected[];
}

/** @throws what is worth trying again */
export async function importNotice({ id, body }: Arrival, world: ImportWorld): Promise<ImportedNotice> {
  const files = readFiles(body);
  if ("reason" in files) return { imports: [], rejected: [{ id, body, reason: files.reason }] };
  const imports: Import[] = [];
  const rejected: Rejected[] = [];
  for (const file of files) {
    const done = await importLogFile(file, world);
    imports.push(done);
    if (done.outcome !== "rejected") continue;
    rejected.push({ id, body: noticeOf(file), reason: clip(done.reason, REASON_BOUNDS) });
  }
  return { imports, rejected };
}

function readFiles(body: string): LogFile[] | { readonly reason: string } {
  try {
    return readLogFileNotice(body);
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    return { reason: clip(cause.message, REASON_BOUNDS) };
  }
}
