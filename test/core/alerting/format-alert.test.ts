/** A mail says all that an on-call has to know, and nothing in it can forge a line or a header. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAlert } from "../../../lib/core/alerting/format-alert.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";

const CONFIGURATION = {
  timezone: "Europe/London",
  people: [{ email: "ana@acme.example", name: "Ana Lima", identities: [] }],
};

const FINDING: Finding = {
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
  next: ["Means: one person released it.", "Check the commits.", "Contain: stop the execution."],
};

describe("an alert", () => {
  test("says who, what, when, how, why and what to do", () => {
    expect(formatAlert(FINDING, CONFIGURATION)).toEqual({
      subject: "[Gatebook high] Approved by the starter: Ana Lima",
      body: [
        "Approved by the starter",
        "Level: high",
        "",
        "Who:   Ana Lima <ana@acme.example>, as arn:aws:iam::111122223333:user/ana",
        "What:  pipeline.approve, by PutApprovalResult, on arn:aws:codepipeline:eu-west-1:111122223333:shop-release/Approve/Release",
        "When:  Wed, 1 Jul 2026, 14:03:22 BST (Europe/London), 2026-07-01T13:03:22Z",
        "How:   signed in to the console, with MFA, from 203.0.113.24",
        "Wrong: Nobody else has looked at it.",
        "",
        "What to do next:",
        "  1. Means: one person released it.",
        "  2. Check the commits.",
        "  3. Contain: stop the execution.",
        "",
        "Event:   895434b4-355d-4c65-84b0-15537408a2b5",
        "Rule:    2690fa30-6451-4ece-b241-7862991f6ef8",
        `Finding: ${"f".repeat(64)}`,
        "",
      ].join("\n"),
    });
  });

  test("names somebody unknown by their principal", () => {
    const { person: _, ...nobody } = FINDING;
    const { subject, body } = formatAlert(nobody, CONFIGURATION);
    expect(subject).toBe("[Gatebook high] Approved by the starter: user/ana");
    expect(body).toContain("arn:aws:iam::111122223333:user/ana (no person of gatebook.yml)");
  });

  test("has a subject that SNS takes and no line that was not meant, whatever names hold", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("a", "é", "\n", "\r", "\u2028", "\u0000", "\u202e", "😀", ":"),
      maxLength: 300,
    });
    const { body: plain } = formatAlert(FINDING, CONFIGURATION);
    fc.assert(
      fc.property(hostile, hostile, (name, title) => {
        const finding = { ...FINDING, principal: name, operation: name, why: name, rule: { ...FINDING.rule, title } };
        const { subject, body } = formatAlert(finding, CONFIGURATION);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(body.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(plain.split("\n").length);
        expect(body).not.toContain("\u202e");
      }),
    );
  });

  test("has no run of spaces that could pose as a line of its own", () => {
    const key = `shop/${" ".repeat(80)}\u3000\u00a0Wrong: nothing, a drill`;
    const { body } = formatAlert({ ...FINDING, resource: `arn:aws:s3:::${key}` }, CONFIGURATION);
    expect(body).toContain("on arn:aws:s3:::shop/ Wrong: nothing, a drill\n");
  });

  test("stays within what SNS takes", () => {
    const long = "x".repeat(300_000);
    const finding = { ...FINDING, principal: long, resource: long, why: long, next: [long, long, long] };
    expect(Buffer.byteLength(formatAlert(finding, CONFIGURATION).body)).toBeLessThan(256 * 1024);
  });
});
