/** What rules over the normalised record see: OCSF at the top, and beside it what Gatebook knows. */
import type { Calendar } from "../configuration/calendar.ts";
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { OcsfEvent } from "../record/ocsf.ts";

export interface RecordView extends OcsfEvent, Omit<NormalisedEvent, "event"> {
  /** E-mail address of the person behind the principal. */
  readonly person?: string;
  readonly components: readonly string[];
  /** The event's time in the organisation's time zone. */
  readonly calendar: Calendar;
  /** Who started and who approved the pipeline execution that the event belongs to: e-mail addresses, or ARNs of those without one. */
  readonly delivery?: { readonly starters: readonly string[]; readonly approvers: readonly string[] };
}
