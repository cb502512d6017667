/** However many reasons there are and however long they are, each system gets a message that it takes, with the first reason whole. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitMessage } from "../../../lib/core/gate/fit-message.ts";
import {
  decideGate,
  describeDecision,
  type GateDecision,
  type Judgement,
  NEXT,
} from "../../../lib/core/gate/gate-decision.ts";
import { gateEvent } from "../../../lib/core/gate/gate-event.ts";
import { nameOf } from "../../../lib/core/gate/name-of.ts";
import { gateAfter, NOW, organisation, TO_PRODUCTION } from "./release.ts";

/** CodePipeline's failure, its summary, GitHub's comment, and the event. */
const LIMITS = [5_000, 2_048, 1_024, 8_000];
const LONGEST = 490;

const reasonsOf = (count: number, length: number): Judgement["reasons"] =>
  Array.from({ length: count }, (_, i) => ({ check: "finding", text: `${i}${"x".repeat(length)}`.slice(0, length) }));
const decisionWith = (count: number, length: number, more: Partial<Judgement> = {}): GateDecision =>
  decideGate({ reasons: reasonsOf(count, length), unknown: [], remarks: ["so much for that"], ...more }, "block");
const OVERRIDE = { by: "bo@acme.example", reason: "y".repeat(500), tookPart: true };

describe.each(LIMITS)("in %d characters", (limit) => {
  test("500 of the longest reasons fit: the answer, the first reason, how many more, and what to do", () => {
    const decision = decisionWith(500, LONGEST);
    const message = fitMessage(describeDecision(decision, TO_PRODUCTION), limit);
    expect(message.length).toBeLessThanOrEqual(limit);
    const lines = message.split("\n");
    expect(lines[0]).toMatch(/^Gatebook: no, .* may not go to shop\/production now:$/);
    expect(lines.at(-1)).toBe(NEXT);
    const told = lines.filter((line) => /^- \d+x+$/.test(line));
    expect(told).toEqual(decision.reasons.slice(0, told.length).map(({ text }) => `- ${text}`));
    expect(told.length).toBeGreaterThan(0);
    // Two lines of remarks stand behind the reasons.
    expect(lines.at(-2)).toBe(`- and ${502 - told.length} more, in the evidence`);
  });

  test("the longest names in the answer give way to the first reason", () => {
    const question = { project: "p".repeat(128), environment: "e".repeat(128), trace: "t".repeat(600) };
    const judgement = { reasons: reasonsOf(500, LONGEST), unknown: [], remarks: [] };
    const decision = decideGate(judgement, "block", OVERRIDE);
    const message = fitMessage(describeDecision(decision, question), limit);
    expect(message.length).toBeLessThanOrEqual(limit);
    expect(message).toMatch(/^Gatebook: yes, ttt/);
    expect(message).toContain(`\n- ${decision.reasons[0]?.text}\n`);
  });

  test("what fits is not changed", () => {
    const message = describeDecision(decisionWith(2, 80), TO_PRODUCTION);
    expect(fitMessage(message, limit)).toBe(message);
  });

  test("nothing is cut inside a line or a character, whatever stands in it", () => {
    const words = fc.string({ unit: fc.constantFrom("😀", "é", "a", " ", "…"), minLength: 1, maxLength: 700 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), words, (texts, trace) => {
        const reasons = texts.map((text) => ({ check: "finding" as const, text }));
        const question = { ...TO_PRODUCTION, trace };
        const whole = describeDecision(decideGate({ reasons, unknown: [], remarks: texts }, "block"), question);
        const message = fitMessage(whole, limit);
        expect(message.length).toBeLessThanOrEqual(limit);
        expect(message.isWellFormed()).toBe(true);
        const known = new Set(whole.split("\n"));
        const changed = message.split("\n").filter((line) => !known.has(line));
        expect(changed.filter((line) => !/…$|^- and \d+ more, in the evidence$/.test(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

test("a principal of any length is called so in a few words", () => {
  expect(nameOf("x".repeat(2_000), organisation())).toHaveLength(200);
});

test("an override of 500 reasons is alerted about with the first of them, and with why it was given", async () => {
  const decision = decideGate({ reasons: reasonsOf(500, LONGEST), unknown: [], remarks: [] }, "block", OVERRIDE);
  const actor = { principal: "arn:aws:iam::111122223333:user/bo", person: OVERRIDE.by, granted: { by: "access-key" } };
  const world = await gateAfter([]);
  const event = gateEvent(TO_PRODUCTION, decision, { id: "1", time: NOW, by: "api", actor } as Parameters<
    typeof gateEvent
  >[2]);
  const [record] = await world.tell([JSON.parse(event)]);
  expect(record?.findings[0]?.why).toContain(`${decision.reasons[0]?.text}; `);
  expect(record?.findings[0]?.why).toMatch(
    /; 499 more\. Reason given: y{500}\. bo@acme\.example took part in this delivery\.$/,
  );
});
