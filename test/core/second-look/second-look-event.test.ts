/** What a second look tells can be recorded whatever names are in it, and nobody else can say that it was told. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessDecision } from "../../../lib/core/access/access-decision.ts";
import { calendarOf } from "../../../lib/core/configuration/calendar.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { decisionEvent, findingEvent, isDecisionTold } from "../../../lib/core/second-look/second-look-event.ts";
import { findingWith } from "../alerting/findings.ts";
import { organisation } from "../record/views.ts";

const access: AccessDecision = {
  outcome: "deny",
  policies: ["nobody-approves-their-own"],
  reason: "nobody approves their own",
  questions: [],
};
const NOT_ASKED: AccessDecision = { outcome: "not-applicable", reason: "it touches no project of gatebook.yml" };

/** An approval as it was recorded, by whoever and of whatever. */
function approval(uid: string, principal: string, resource: string): AuditRecord {
  return {
    v: 1,
    event: {
      class_uid: 6003,
      category_uid: 6,
      activity_id: 99,
      type_uid: 600_399,
      severity_id: 1,
      time: 1_000,
      metadata: { version: "1.8.0", uid, product: { name: "x", vendor_name: "y" }, event_code: "z", profiles: [] },
      actor: { user: { uid: principal } },
      resources: [{ uid: resource }],
    },
    action: "pipeline.approve",
    granted: { by: "unknown" },
    components: [],
    access: NOT_ASKED,
    findings: [],
  };
}

const calendar = calendarOf(organisation())(0);
const recordOf = async (message: string): Promise<AuditRecord> => {
  const { normalised, findings } = await prepareRecord(message, () => ({ components: [], calendar }));
  return { v: 1, ...normalised, components: [], access: NOT_ASKED, findings };
};

test("any name that a source may send can be told of, under one id and at one time", async () => {
  const text = fc.string({ unit: "binary", maxLength: 64 });
  const time = fc.integer({ min: -1, max: 4_102_444_800_000 });
  await fc.assert(
    fc.asyncProperty(text, text, text, fc.option(text, { nil: undefined }), time, async (uid, who, what, trace, at) => {
      const looked = { record: approval(uid, who, what), trace, time: at };
      const found = findingEvent(findingWith({ uid: "f", principal: who, resource: what }), looked, access);
      expect(findingEvent(findingWith({ uid: "f", principal: who, resource: what }), looked, access)).toBe(found);
      const recorded = await recordOf(found);
      expect(recorded).toMatchObject({ action: "other", findings: [{ uid: "f" }], event: { time: Math.max(0, at) } });
      expect(recorded.trace).toBe(trace || undefined);
      expect((await recordOf(decisionEvent(access, looked))).findings).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

describe("that a decision would be another one", () => {
  const own = approval("approval-1", "arn:aws:iam::111122223333:user/ana", "shop-release");
  const looked = { record: own, trace: "E1", time: 2_000 };

  test("is told by an event that says so of this approval", async () => {
    const told = [await recordOf(decisionEvent(access, looked))];
    expect(isDecisionTold(told, access, own)).toBe(true);
    expect(isDecisionTold(told, NOT_ASKED, own)).toBe(false);
    expect(isDecisionTold(told, access, approval("approval-2", "arn:aws:iam::111122223333:user/ana", "x"))).toBe(false);
    expect(isDecisionTold(told, access, approval("approval-1", "arn:aws:iam::111122223333:user/bo", "x"))).toBe(false);
  });

  test("is told by nobody else, whatever they call themselves", async () => {
    const told = await recordOf(decisionEvent(access, looked));
    const product = { name: "Gatebook", vendor_name: "Somebody" };
    const forged = { ...told, event: { ...told.event, metadata: { ...told.event.metadata, product } } };
    expect(isDecisionTold([forged], access, own)).toBe(false);
    for (const unmapped of [{}, { second_look: null }, { second_look: { event: "approval-1", access: [] } }]) {
      expect(isDecisionTold([{ ...told, event: { ...told.event, unmapped } }], access, own)).toBe(false);
    }
  });
});
