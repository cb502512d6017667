/** The outcome that a service's state word tells. */
import { FAILURE, type OcsfEvent, STATUS_OTHER, SUCCESS } from "../../record/ocsf.ts";

const SUCCEEDED = /^(SUCCEEDED|SUCCESS|SUCCESSFUL|COMPLETE|COMPLETED)$/i;
const FAILED = /^(FAILED|FAILURE|FAULT|TIMED_OUT)$/i;

/** A state that is no outcome (STARTED, STOPPING) is OCSF's Other, with the source's own word. */
export function lifecycleStatus(state: string): Pick<OcsfEvent, "status_id" | "status"> {
  if (SUCCEEDED.test(state)) return { status_id: SUCCESS, status: "Success" };
  if (FAILED.test(state)) return { status_id: FAILURE, status: "Failure" };
  return { status_id: STATUS_OTHER, status: state };
}
