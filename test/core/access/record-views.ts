/** A record as rules and policies see it: Remy approves a release to production, on an ordinary day. */
import type { RecordView } from "../../../lib/core/detections/record-view.ts";

export function recordView(different: Partial<RecordView> = {}): RecordView {
  return {
    class_uid: 6003,
    category_uid: 6,
    activity_id: 99,
    type_uid: 600399,
    severity_id: 1,
    time: Date.parse("2026-11-25T14:00:00Z"),
    status_id: 1,
    metadata: {
      version: "1.8.0",
      uid: "event-1",
      product: { name: "CloudTrail", vendor_name: "AWS" },
      event_code: "PutApprovalResult",
      profiles: [],
    },
    actor: { user: { uid: "arn:aws:iam::111122223333:user/remy" } },
    action: "pipeline.approve",
    granted: { by: "console", mfa: true, sourceAddress: "192.0.2.7" },
    person: "remy@acme.example",
    components: [],
    calendar: { date: "2026-11-25", time: "14:00", weekday: "wed", holiday: false, business_hours: true },
    environments: ["shop/production"],
    projects: ["shop"],
    production: true,
    ...different,
  };
}
