/** What rules over the normalised record see: OCSF at the top, and beside it what Gatebook knows. */

import type { MfaState } from "../access/mfa.ts";
import type { Changes } from "../changes/describe-change.ts";
import type { Calendar } from "../configuration/calendar.ts";
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { RecordContext } from "../record/context.ts";
import type { OcsfEvent } from "../record/ocsf.ts";

export interface RecordView extends OcsfEvent, Omit<NormalisedEvent, "event">, Partial<RecordContext> {
  /** E-mail address of the person behind the principal. */
  readonly person?: string;
  readonly components: readonly string[];
  /** Who opened the session that acts, where its opening is known: the principal, role after role. */
  readonly opened_by?: string;
  /** What is known of the second factor behind it, beyond what the event says: for the access policies. */
  readonly mfa?: MfaState;
  /** A push that the same principal's merge of a pull request made. */
  readonly by_merge?: boolean;
  /** The event's time in the organisation's time zone. */
  readonly calendar: Calendar;
  /** What the event changed. */
  readonly changes?: Changes;
  /** Of the pipeline execution that the event belongs to. */
  readonly delivery?: DeliveryView;
}

/** People by e-mail address, or ARNs of those without one. */
export interface DeliveryView {
  readonly starters: readonly string[];
  readonly approvers: readonly string[];
  readonly rejecters?: readonly string[];
  readonly committers?: readonly string[];
  readonly reviewers?: readonly string[];
  /** Who last changed the pipeline's definition before the decision. */
  readonly editors?: readonly string[];
  /** Who, in the week before the decision, changed how the source of the delivery is protected, or the rights of whoever decided. */
  readonly protectors?: readonly string[];
  readonly granters?: readonly string[];
  /** Sentences, one for each person who held roles that are to be kept apart: "Ana Lima started it and approved it". */
  readonly several_roles?: readonly string[];
  /** From being asked to the decision; absent where that is not known. */
  readonly approval_seconds?: number;
  /** The definition changed between start and decision; absent until both are known. */
  readonly edited_after_start?: boolean;
  /** What was changed after it was approved and before the execution ended, by this event or, of an approval that is told late, by one before it. */
  readonly changed_after_approval?: "definition" | "source";
  /** Of a merge: the pull request got commits after its last review. */
  readonly changed_after_review?: boolean;
  /** Of a deployment that a pipeline starts: whether all that let it pass did so in business hours; absent where nobody is known to have. */
  readonly approved_in_business_hours?: boolean;
  /** Whoever approves here, or approved before the start was told, is a release manager of the pipeline's project; absent where that is not known. */
  readonly entitled?: boolean;
}
