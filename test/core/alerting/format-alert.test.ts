/** A mail says all that an on-call has to know, and nothing in it can forge a line or a header. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAlert } from "../../../lib/core/alerting/format-alert.ts";
import type { History } from "../../../lib/core/alerting/history.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { FINDING, findingWith } from "./findings.ts";

const CONFIGURATION = {
  timezone: "Europe/London",
  people: [{ email: "ana@acme.example", name: "Ana Lima", identities: [] }],
};
/** What SNS takes. */
const MAX_BYTES = 256 * 1024;

/** With all that a finding can say. */
const FULL: Finding = findingWith({
  level: "critical",
  raisedFrom: "high",
  components: ["production secrets", "deploy roles"],
  production: true,
  changes: ["stage Approve: action Release was removed"],
  falsePositives: ["The release manager stands in, with a ticket."],
  trace: "5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01",
  tags: ["attack.t1078"],
  count: 7,
  events: ["event-2", "event-3"],
});
const HISTORY: History = {
  outcome: "read",
  before: [
    {
      principal: FINDING.principal,
      eventKey: "2026-07-01T13:01:00.000Z#event-0",
      action: "access.assume",
      operation: "AssumeRole",
      resource: "arn:aws:iam::111122223333:role/shop-deploy",
      status: 2,
    },
  ],
  after: [],
};

describe("an alert", () => {
  test("says who, what, when, how, why and what to do", () => {
    expect(formatAlert(FINDING, CONFIGURATION)).toEqual({
      subject: "[Gatebook high] Approved by the starter: Ana Lima on shop-release/Approve/Release",
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
        "  1. What it means: one person released it.",
        "  2. What to check: the commits.",
        "  3. How to contain: stop it.",
        "",
        "Prove it, and search for more (of a deployed stack: add --outputs outputs.json):",
        "  npx gatebook prove 895434b4-355d-4c65-84b0-15537408a2b5",
        "  npx gatebook search --person ana@acme.example --since 2026-07-01T12:03:22Z --until 2026-07-01T14:03:22Z",
        "",
        "Event:   895434b4-355d-4c65-84b0-15537408a2b5",
        "Rule:    2690fa30-6451-4ece-b241-7862991f6ef8",
        `Finding: ${"f".repeat(64)}`,
        "",
      ].join("\n"),
    });
  });

  test("says where, what changed, when it is harmless, and what the same person did before and after", () => {
    const { subject, body } = formatAlert(FULL, CONFIGURATION, { history: HISTORY });
    expect(subject).toMatch(/^\[Gatebook critical\] /);
    expect(body).toContain("\nLevel: critical, raised from high: it touches what is critical\n");
    expect(body).toContain("Approve/Release, 7 times\n");
    expect(body).toContain("\nWhere: production, production secrets, deploy roles\n");
    expect(body).toContain("\nWhat changed:\n  - stage Approve: action Release was removed\nWrong: ");
    expect(body).toContain("\n\nHarmless if:\n  - The release manager stands in, with a ticket.\n");
    expect(body).toContain(
      "\n\nBefore and after, by the same person:\n  01 Jul 14:01:00 access.assume, AssumeRole on shop-deploy, FAILED\n  -> this event\n",
    );
    expect(body).toContain("\n\nFurther events:\n  - event-2\n  - event-3\n");
    expect(body).toContain("\n  npx gatebook search --trace 5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01\n");
  });

  test.each<[string, History, string]>([
    ["that the index could not be read", { outcome: "failed" }, "the index could not be read"],
    ["that nothing else is known", { outcome: "read", before: [], after: [] }, "nothing else is known of this person"],
  ])("says %s", (_, history, words) => {
    expect(formatAlert(FINDING, CONFIGURATION, { history }).body).toContain(`by the same person:\n  ${words}`);
  });

  test("says how often the same happened again, and when", () => {
    const repeats = { count: 14, first: FINDING.time - 60_000, last: FINDING.time, events: ["event-1"] };
    const { subject, body } = formatAlert(FINDING, CONFIGURATION, { repeats });
    expect(subject).toBe("[Gatebook high] 14 more: Approved by the starter: Ana Lima on shop-release/Approve/Release");
    expect(body).toMatch(/^Again: 14 times more since the last mail of this rule, principal and resource\./m);
    expect(body).toMatch(/^First: Wed, 1 Jul 2026, 14:02:22 BST/m);
    expect(body).toMatch(/^Last: {2}Wed, 1 Jul 2026, 14:03:22 BST/m);
  });

  test("names somebody unknown by their principal", () => {
    const { person: _, ...nobody } = FINDING;
    const { subject, body } = formatAlert(nobody, CONFIGURATION);
    expect(subject).toContain(": user/ana on ");
    expect(body).toContain("arn:aws:iam::111122223333:user/ana (no person of gatebook.yml)");
    expect(body).toContain("search --principal arn:aws:iam::111122223333:user/ana ");
  });

  test.each([
    [
      "Pipeline execution approved by the person who started it",
      "[Gatebook high] Pipeline execution approved by the person who started it: Ana Lima on shop-relea...",
    ],
    [
      "Deploy role assumed outside business hours",
      "[Gatebook high] Deploy role assumed outside business hours: Ana Lima on shop-release/Approve/Rel...",
    ],
    [
      "x".repeat(80),
      "[Gatebook high] xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...: Ana Lima on shop-rele...",
    ],
  ])("has a subject under 100 characters that keeps who and where: %s", (title, expected) => {
    const { subject } = formatAlert(findingWith({ rule: { id: "r", title } }), CONFIGURATION);
    expect(subject).toBe(expected);
    expect(subject.length).toBeLessThan(100);
  });

  test("has no line that was not meant, whatever names hold", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("a", "é", "\n", "\r", "\u2028", "\u0000", "\u202e", "😀", "\ud800", "\uffff", ":", "'"),
      maxLength: 300,
    });
    const filled = (text: string): Finding => ({
      ...FULL,
      ...{ principal: text, person: text, operation: text, why: text, resource: text, event: text, trace: text },
      ...{ uid: text, rule: { id: text, title: text }, next: [text], changes: [text], components: [text, text] },
      ...{ falsePositives: [text], events: [text, text], granted: { by: "token", subject: text, chain: [text] } },
    });
    const linesOf = (text: string): { subject: string; lines: string[] } => {
      const { subject, body } = formatAlert(filled(text), CONFIGURATION, { history: HISTORY });
      return { subject, lines: body.split(/[\n\r\u2028\u2029\u0085]/) };
    };
    const expected = linesOf("plain").lines.length;
    fc.assert(
      fc.property(hostile, (text) => {
        const { subject, lines } = linesOf(text);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(lines).toHaveLength(expected);
        expect(lines.join()).not.toMatch(/[\u202e\uffff]/);
        expect(lines.join().isWellFormed()).toBe(true);
      }),
    );
  });

  test("has no run of spaces that could pose as a line of its own", () => {
    const key = `shop/${" ".repeat(80)}\u3000\u00a0Wrong: nothing, a drill`;
    const { body } = formatAlert({ ...FINDING, resource: `arn:aws:s3:::${key}` }, CONFIGURATION);
    expect(body).toContain("on arn:aws:s3:::shop/ Wrong: nothing, a drill\n");
  });

  test.each(["x", "長", "'", "\u{1f600}"])("stays within what SNS takes, however much of %s there is", (letter) => {
    const long = letter.repeat(100_000);
    const many = Array<string>(500).fill(long);
    const finding: Finding = {
      ...{ ...FULL, uid: long, rule: { id: long, title: long }, principal: long, person: long, resource: long },
      ...{ operation: long, why: long, event: long, trace: long, next: many, changes: many, components: many },
      ...{ falsePositives: many, events: many, granted: { by: "token", chain: many } },
    };
    const { subject, body } = formatAlert(finding, CONFIGURATION, { history: HISTORY });
    expect(Buffer.byteLength(body)).toBeLessThan(MAX_BYTES);
    expect(subject.length).toBeLessThan(100);
  });
});
