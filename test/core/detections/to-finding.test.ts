/** A finding says who, what, when, how it was granted, why it is wrong and what to do next. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import { parseRule } from "../../../lib/core/detections/sigma/parse-rule.ts";
import { toFinding } from "../../../lib/core/detections/to-finding.ts";
import { ruleText } from "./rules.ts";

const rule = parseRule(`${ruleText("s: { a: x }\ncondition: s")}runbook: [Means, Check, Contain]\n`, "rule.yml");

const VIEW: RecordView = {
  class_uid: 6003,
  category_uid: 6,
  activity_id: 99,
  type_uid: 600399,
  severity_id: 1,
  time: Date.parse("2026-11-19T02:41:07Z"),
  metadata: {
    version: "1.8.0",
    uid: "event-1",
    product: { name: "CloudTrail", vendor_name: "AWS" },
    event_code: "AwsApiCall",
    profiles: [],
  },
  actor: { user: { uid: "arn:aws:iam::111122223333:user/ana", name: "ana" } },
  api: { operation: "AssumeRole" },
  resources: [{ uid: "arn:aws:iam::111122223333:role/shop-deploy" }, { uid: "another" }],
  action: "access.assume",
  person: "ana@acme.example",
  components: [],
  granted: { by: "access-key", mfa: false },
  trace: "execution-1",
  calendar: { date: "2026-11-19", time: "02:41", weekday: "thu", holiday: false, business_hours: false },
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const { actor, api, person, resources, trace, ...BARE } = VIEW;

test("a finding says it all", () => {
  expect(toFinding(rule, VIEW)).toEqual({
    uid: sha256(`${rule.id}\nexecution-1\narn:aws:iam::111122223333:role/shop-deploy\nana@acme.example`),
    rule: { id: rule.id, title: "A rule" },
    level: "high",
    time: 1_795_056_067_000,
    principal: "arn:aws:iam::111122223333:user/ana",
    person: "ana@acme.example",
    action: "access.assume",
    operation: "AssumeRole",
    resource: "arn:aws:iam::111122223333:role/shop-deploy",
    event: "event-1",
    granted: { by: "access-key", mfa: false },
    why: "Why it is wrong.",
    next: ["Means", "Check", "Contain"],
    trace: "execution-1",
  });
});

test("a finding says what more is known of the event and of the rule, and of long lists the first ten", () => {
  const told = { ...rule, tags: ["attack.t1078"], falsepositives: ["A drill"], staged: true };
  const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  const view = {
    ...VIEW,
    components: ["deploy roles"],
    production: true,
    changes: { subject: "pipeline definition", before: "seen", lines } as const,
  };
  expect(toFinding(told, view)).toMatchObject({
    components: ["deploy roles"],
    production: true,
    changes: lines.slice(0, 10),
    tags: ["attack.t1078"],
    falsePositives: ["A drill"],
    staged: true,
    trace: "execution-1",
  });
});

test("a finding of a bare event says what there is", () => {
  const finding = toFinding({ ...rule, description: "" }, BARE);
  expect(finding).toMatchObject({ principal: "unknown", operation: "AwsApiCall", why: "A rule" });
  expect(finding.uid).toBe(sha256(`${rule.id}\nevent-1\n\nunknown`));
  expect(Object.keys(finding)).not.toEqual(expect.arrayContaining(["person", "resource"]));
});

describe("the principal is", () => {
  test.each<[string, Partial<RecordView>, string]>([
    ["the person who signs in", { user: { uid: "arn:aws:iam::1:user/bo" } }, "arn:aws:iam::1:user/bo"],
    [
      "a service on its own behalf",
      { actor: { invoked_by: "codepipeline.amazonaws.com" } },
      "codepipeline.amazonaws.com",
    ],
  ])("%s", (_, view, expected) => expect(toFinding(rule, { ...BARE, ...view }).principal).toBe(expected));
});

describe("a finding's uid", () => {
  test("is one for all events of a delivery about one resource", () => {
    const later = { ...VIEW, time: VIEW.time + 1, metadata: { ...VIEW.metadata, uid: "event-2" } };
    expect(toFinding(rule, later).uid).toBe(toFinding(rule, VIEW).uid);
  });

  test.each<[string, RecordView]>([
    ["another delivery", { ...VIEW, trace: "execution-2" }],
    ["another resource", { ...VIEW, resources: [{ uid: "another" }] }],
    ["another event without a delivery", { ...BARE, metadata: { ...VIEW.metadata, uid: "event-2" } }],
  ])("is another for %s", (_, view) => expect(toFinding(rule, view).uid).not.toBe(toFinding(rule, VIEW).uid));
});
