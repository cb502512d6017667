/** Gatebook's own doings are in the log like everybody else's. */
import { expect, test } from "vitest";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";

const FINDING: Finding = {
  uid: "ab".repeat(32),
  rule: { id: "stale-access", title: "Access that nobody uses" },
  level: "medium",
  time: 1_795_513_200_000,
  principal: "arn:aws:iam::111122223333:user/bo",
  action: "access.grant",
  operation: "review.finding",
  event: "review-2026-q4:7",
  granted: { by: "access-key", mfa: false, chain: ["a"] },
  why: "The key has not been used for 120 days.",
  next: ["Deactivate it, and delete it after a month."],
};

const OWN = {
  v: 1,
  kind: "gatebook",
  uid: "review-2026-q4:7",
  time: 1_795_513_200_000,
  type: "review.finding",
  principal: "gatebook:review",
  resource: "arn:aws:iam::111122223333:user/bo",
  message: "A key of bo's has not been used for 120 days",
  findings: [FINDING],
};

test("what Gatebook finds is an API activity of its own", () => {
  expect(own({})).toMatchObject({
    action: "other",
    granted: { by: "service" },
    event: {
      class_uid: 6003,
      activity_name: "review.finding",
      time: OWN.time,
      message: OWN.message,
      metadata: { uid: OWN.uid, event_code: "review.finding", product: { name: "Gatebook" } },
      actor: { user: { uid: "gatebook:review" } },
      resources: [{ uid: OWN.resource }],
      src_endpoint: { svc_name: "gatebook" },
    },
  });
});

test("what a person decides in it is the person's", () => {
  expect(own({ principal: "sso:ana@acme.example", type: "access.revoked" })).toMatchObject({
    action: "access.revoke",
    granted: { by: "token" },
    event: { actor: { user: { uid: "sso:ana@acme.example" } } },
  });
});

test("how they were let in is said where it is known, and nothing else passes for it", () => {
  const granted = { by: "access-key", credential: "AKIAEXAMPLE" };
  expect(own({ principal: "arn:aws:iam::111122223333:user/bo", granted })).toMatchObject({ granted });
  expect(() => own({ granted: { by: "magic" } })).toThrow(/granted/);
});

test("findings come through as they were written", () => {
  const message = parseMessage(JSON.stringify(OWN));
  expect(message.kind === "gatebook" && message.event.findings).toEqual([FINDING]);
  expect(rawRecord(message)).toEqual({ product: "gatebook", service: "own", record: OWN });
});

test("details are kept for whoever reads the log later", () => {
  const details = { ranges: [[0, 1]], reason: "case 17" };
  expect(own({ details }).event.unmapped).toEqual(details);
  expect(own({}).event).not.toHaveProperty("unmapped");
});

test.each([
  ["details that are a list", { details: [1] }, "details: "],
  ["no principal", { principal: "" }, "principal: "],
  ["a time of no year", { time: 1e16 }, "time: "],
  ["a finding of no level", { findings: [{ ...FINDING, level: "purple" }] }, "findings.0.level: "],
  ["a finding of no action", { findings: [{ ...FINDING, action: "dance" }] }, "findings.0.action: "],
])("our own slip is refused: %s", (_, fields, where) => {
  expect(() => own(fields)).toThrow(where);
});

function own(fields: object) {
  return normalise(parseMessage(JSON.stringify({ ...OWN, ...fields })));
}
