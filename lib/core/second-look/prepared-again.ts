/** A record of the log, as it was before it was judged. */
import type { Calendar } from "../configuration/calendar.ts";
import { RECORD_LOGSOURCE } from "../detections/rule.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { indexEntryOf } from "../record/index-form.ts";
import type { PreparedRecord } from "../record/prepare-record.ts";

/** No rule in a source's own language is asked again: what the source said has not changed. */
const NO_RAW = { product: RECORD_LOGSOURCE.product, record: {} };

/** @param calendarAt of a time in epoch milliseconds */
export function preparedAgain(record: AuditRecord, calendarAt: (time: number) => Calendar): PreparedRecord {
  const { event, action, granted, trace, links, person, components } = record;
  return {
    normalised: {
      event,
      action,
      granted,
      ...(trace !== undefined && { trace }),
      ...(links !== undefined && { links }),
    },
    classification: {
      ...(person !== undefined && { person }),
      components,
      calendar: calendarAt(event.time),
    },
    entry: indexEntryOf(record),
    raw: NO_RAW,
    redactions: [],
    findings: [],
  };
}

/** CodePipeline's call, which does not name the execution. */
const UNTOLD = "PutApprovalResult";

/** Without the execution that was only worked out: what is known by now may say another. */
export function withoutGuess(prepared: PreparedRecord): PreparedRecord {
  const { normalised, entry } = prepared;
  if (normalised.event.api?.operation !== UNTOLD) return prepared;
  const { trace: _, ...untold } = normalised;
  const { trace: __, ...unlinked } = entry;
  return { ...prepared, normalised: untold, entry: unlinked };
}
