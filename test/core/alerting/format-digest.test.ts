/** A digest counts what it tells, and nothing in it can forge a line or a header. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDigest } from "../../../lib/core/alerting/format-digest.ts";
import { LEVELS } from "../../../lib/core/record/finding.ts";
import { FINDING, findingWith } from "./findings.ts";

const SETTINGS = {
  timezone: "Europe/London",
  people: [{ email: "ana@acme.example", name: "Ana Lima", identities: [] }],
};
const { person: _, ...NOBODY } = FINDING;
const many = Array.from({ length: 990 }, (_unused, n) => ({
  ...NOBODY,
  uid: `uid-${n}`,
  event: `event-${n}`,
  time: FINDING.time + n * 60,
  level: n === 500 ? ("critical" as const) : ("high" as const),
  rule: { id: `rule-${n % 3}`, title: `Rule ${n % 3}` },
  principal: `arn:aws:iam::111122223333:user/user-${n % 33}`,
}));

describe("a digest", () => {
  test("counts by level, by rule and by person, and tells the first and the worst", () => {
    const { subject, body } = formatDigest(many, SETTINGS);
    expect(subject).toBe("[Gatebook critical] 990 findings: 4 rules, 33 people, worst Rule 2");
    expect(body).toMatch(/^First: Wed, 1 Jul 2026, 14:03:22 BST/m);
    expect(body).toMatch(/^Last: {2}Wed, 1 Jul 2026, 14:04:21 BST/m);
    expect(body).toContain("\nBy level:\n      1  critical\n    989  high\n");
    expect(body).toContain("\n    330  Rule 0 (high)\n");
    expect(body).toMatch(/^ {5}30 {2}arn:aws:iam::111122223333:user\/user-0$/m);
    expect(body).toMatch(/^ {4}690 {2}of 23 others$/m);
    expect(body).toMatch(/^The worst: Rule 2 \(critical\)\n {2}Who: {3}arn:aws:iam::111122223333:user\/user-5\n/m);
    expect(body).toMatch(/^ {2}Event: event-500\n {2}1\. What it means/m);
    expect(body).toMatch(/^The first: Rule 0 \(high\)\n(?: {2}.*\n){3} {2}Event: event-0\n/m);
    expect(body).toContain(
      "\n  npx gatebook search --finding high --since 2026-07-01T13:03:22Z --until 2026-07-01T13:04:22Z\n",
    );
    expect(body).not.toContain("Each:");
  });

  test("of a few names each", () => {
    const { body } = formatDigest(many.slice(0, 2), SETTINGS);
    expect(body).toContain(
      "\nEach:\n  01 Jul 14:03:22 high: Rule 0: user/user-0, event event-0\n  01 Jul 14:03:22 high: Rule 1: user/user-1, event event-1\n",
    );
  });

  test("counts a finding once however often it is among them", () => {
    expect(formatDigest([FINDING, FINDING, findingWith({ uid: "other" })], SETTINGS).subject).toMatch(/ 2 findings: /);
  });

  test("of no finding is refused", () => expect(() => formatDigest([], SETTINGS)).toThrow(RangeError));

  test("has a subject that SNS takes, no line that was not meant, and counts that add up, whatever names hold", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\u2028", "\u202e", "😀", "\ud800"), maxLength: 50 });
    const findings = fc.array(
      fc.record({ name: text, level: fc.constantFrom(...LEVELS), time: fc.integer({ min: 0, max: 4e12 }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(findings, (drawn) => {
        const all = drawn.map(({ name, level, time }, n) =>
          findingWith({
            ...{ uid: `uid-${n}`, level, time, principal: name, person: name, operation: name, event: name },
            ...{ resource: name, rule: { id: name, title: name }, next: [name] },
          }),
        );
        const { subject, body } = formatDigest(all, SETTINGS);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        const lines = body.split(/[\n\r\u2028\u2029\u0085]/);
        const levels = lines.slice(lines.indexOf("By level:") + 1, lines.indexOf("By rule:") - 1);
        expect(levels.reduce((sum, line) => sum + Number.parseInt(line, 10), 0)).toBe(all.length);
        expect(lines.filter((line) => line.startsWith("The worst: "))).toHaveLength(1);
        expect(body.isWellFormed()).toBe(true);
      }),
    );
  });

  test("stays within what SNS takes", () => {
    const long = "長".repeat(10_000);
    const all = Array.from({ length: 50 }, (_unused, n) =>
      findingWith({ uid: `${n}`, person: `${n}${long}`, event: long, rule: { id: long, title: `${n}${long}` } }),
    );
    expect(Buffer.byteLength(formatDigest(all, SETTINGS).body)).toBeLessThan(256 * 1024);
    expect(Buffer.byteLength(formatDigest(all.slice(0, 20), SETTINGS).body)).toBeLessThan(256 * 1024);
  });
});
