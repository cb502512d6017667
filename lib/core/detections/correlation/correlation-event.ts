/** The event of Gatebook's own by which a correlation that waited tells what it found. */
import type { RecordView } from "../record-view.ts";

export const CORRELATION_EVENT = "detection.finding";

/** A stranger's event may be called so, too; that Gatebook is its vendor, only our own normaliser writes. */
export function isCorrelationEvent({ metadata: { event_code, product } }: Pick<RecordView, "metadata">): boolean {
  return event_code === CORRELATION_EVENT && product.vendor_name === "Gatebook";
}
