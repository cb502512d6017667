/** What an OCSF class has, for a CloudTrail record, besides what all of them have. */
import type { OcsfEvent } from "../../record/ocsf.ts";
import type { classPart } from "../ocsf-event.ts";

export type ClassFields = ReturnType<typeof classPart> &
  Pick<
    OcsfEvent,
    | "activity_name"
    | "user"
    | "user_result"
    | "policies"
    | "group"
    | "privileges"
    | "service"
    | "is_mfa"
    | "log_name"
    | "log_provider"
  >;
