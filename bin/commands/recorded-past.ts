/** The recorded past as audit records: from the log of a running stack, or from files of recorded events. */
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { AccessControl } from "../../lib/core/access/judge-access.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { NO_RULES } from "../../lib/core/detections/rule-set.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import { search } from "../../lib/core/search/search.ts";
import { createComplaints, readArrivals } from "./input.ts";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { parseTime, searchWorld } from "./search-world.ts";

/** How far back a log is read where nobody says. */
export const PAST_WINDOW = "90d";

/** @param since epoch milliseconds */
export async function* pastFromLog(
  choice: StackChoice,
  since: number = parseTime(PAST_WINDOW),
): AsyncGenerator<AuditRecord> {
  const world = await searchWorld(await findRunningStack(choice));
  for await (const { record } of search({ since }, world)) yield record;
}

/** All at once, as one batch: then every event knows the others of its delivery. What cannot be read is said, and makes the exit code 2. */
export async function* pastFromFiles(
  paths: readonly string[],
  configuration: Configuration,
  access?: AccessControl,
): AsyncGenerator<AuditRecord> {
  const complaints = createComplaints();
  const settings = { configuration, rules: NO_RULES };
  const record = createRecorder({ settings, index: memoryEventIndex(), ...(access !== undefined && { access }) });
  const { recorded, rejected } = await record([...readArrivals(paths, complaints)]);
  for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
  for (const each of recorded) yield each.record;
  if (complaints.count() > 0) process.exitCode = 2;
}
