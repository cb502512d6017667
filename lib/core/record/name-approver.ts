/** Where the pipeline itself says that an approval was given, the person who gave it stands for the service. */
import type { RecordView } from "../detections/record-view.ts";
import type { Delivery } from "./delivery.ts";

export function nameApprover(view: RecordView, delivery: Delivery | undefined): RecordView {
  if (delivery?.approval === undefined) return view;
  const { principal, person, operation } = delivery.approval;
  return {
    ...view,
    actor: { user: { uid: principal } },
    api: { operation },
    granted: { by: "unknown" },
    ...(person !== undefined && { person }),
  };
}
