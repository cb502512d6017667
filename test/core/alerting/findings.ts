/** Findings to try alerts with. */
import type { Finding } from "../../../lib/core/record/finding.ts";

export const FINDING: Finding = {
  uid: "f".repeat(64),
  rule: { id: "2690fa30-6451-4ece-b241-7862991f6ef8", title: "Approved by the starter" },
  level: "high",
  time: Date.parse("2026-07-01T13:03:22Z"),
  principal: "arn:aws:iam::111122223333:user/ana",
  person: "ana@acme.example",
  action: "pipeline.approve",
  operation: "PutApprovalResult",
  resource: "arn:aws:codepipeline:eu-west-1:111122223333:shop-release/Approve/Release",
  event: "895434b4-355d-4c65-84b0-15537408a2b5",
  granted: { by: "console", mfa: true, sourceAddress: "203.0.113.24" },
  why: "Nobody else has looked at it.",
  next: ["What it means: one person released it.", "What to check: the commits.", "How to contain: stop it."],
};

export function findingWith(members: Partial<Finding>): Finding {
  return { ...FINDING, ...members };
}
