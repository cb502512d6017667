/** Emergency access in a delivery stops it at the gate, until somebody has explained it. */
import { expect, test } from "vitest";
import { BREAK_GLASS_RULE } from "../../../lib/core/break-glass/emergency-session.ts";
import { type Explanation, explainedEvent } from "../../../lib/core/break-glass/explanation.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import { findingReasons } from "../../../lib/core/gate/finding-reasons.ts";
import type { GateDecision } from "../../../lib/core/gate/gate-decision.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { textsOf } from "./decide.ts";
import {
  EXECUTION,
  type GateTest,
  gateAfter,
  type Message,
  NOW,
  organisation,
  release,
  TO_PRODUCTION,
} from "./release.ts";

const SESSION = "arn:aws:sts::111122223333:assumed-role/break-glass/bo";
const configuration = organisation('breakGlass: ["arn:aws:iam::111122223333:role/break-glass"]');
const TEN = Date.parse("2026-11-24T10:00:00Z");

/** Retried as the emergency role. @param at seconds after ten */
function retried(at: number): Message {
  const arn = "arn:aws:iam::111122223333:role/break-glass";
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: new Date(TEN + at * 1000).toISOString(),
    eventSource: "codepipeline.amazonaws.com",
    eventName: "RetryStageExecution",
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    userIdentity: { type: "AssumedRole", arn: SESSION, sessionContext: { sessionIssuer: { type: "Role", arn } } },
    requestParameters: { pipelineName: "shop-release", pipelineExecutionId: EXECUTION },
  };
}

function explained(until: number): Message {
  const explanation: Explanation = {
    session: SESSION,
    since: TEN,
    until: TEN + until * 1000,
    accesses: 1,
    people: [],
    by: "bo@acme.example",
    usedIt: "no",
    reason: "INC-42: the stage hung",
    ticket: "OPS-17",
    at: TEN + until * 1000 + 60_000,
  };
  return JSON.parse(explainedEvent(explanation, "arn:aws:iam::111122223333:user/bo")) as Message;
}

async function ask(world: GateTest): Promise<GateDecision> {
  const decision = await askGate(TO_PRODUCTION, { by: "api" }, world);
  if (decision.outcome === "wait") throw new Error("nobody waits here");
  return decision;
}

test("what nobody has explained is a reason that says what to do", async () => {
  const decision = await ask(await gateAfter([...release(), retried(50)], { configuration }));
  expect(decision.outcome).toBe("block");
  expect(textsOf(decision)).toEqual([
    `somebody used break-glass access in it at 2026-11-24T10:00:50.000Z, and nobody has explained it: npx gatebook break-glass explain ${SESSION} --reason '<why>'`,
  ]);
});

test("once it is explained the delivery may go on, and it is said by whose word", async () => {
  const decision = await ask(await gateAfter([...release(), retried(50), explained(50)], { configuration }));
  expect([decision.outcome, decision.reasons]).toEqual(["pass", []]);
  expect(decision.remarks).toContain(
    `break-glass access as ${SESSION} was explained by Bo Chen <bo@acme.example>, who did not use it`,
  );
});

test("what came after the explanation is not explained", async () => {
  const world = await gateAfter([...release(), retried(50), explained(50), retried(55)], { configuration });
  const { outcome, reasons } = await ask(world);
  expect([outcome, reasons]).toEqual([
    "block",
    [{ check: "break-glass", text: expect.stringContaining("at 2026-11-24T10:00:55.000Z") }],
  ]);
});

test("an explanation that cannot be read leaves the gate not knowing", async () => {
  const world = await gateAfter([...release(), retried(50)], { configuration });
  const index = {
    ...world.index,
    async byTrace(trace: string) {
      if (trace.startsWith("break-glass:")) throw new Error("the index is down");
      return world.index.byTrace(trace);
    },
  };
  const { outcome, because, unknown } = await ask({ ...world, index });
  expect([outcome, because]).toEqual(["block", "onError"]);
  expect(unknown).toEqual(["whether break-glass access in it was explained: the index is down"]);
});

test("more sessions than can be looked at in time are not looked at in part", async () => {
  const many = Array.from({ length: 21 }, (_, i) => {
    const one = retried(50 + i);
    return { ...one, userIdentity: { ...(one["userIdentity"] as object), arn: `${SESSION}${i}` } };
  });
  const { unknown } = await ask(await gateAfter([...release(), ...many], { configuration }));
  expect(unknown).toEqual([expect.stringContaining("21 sessions are more than can be looked at in time")]);
});

test("the alert of it is no second reason, unless nobody can tell whether it is explained", async () => {
  const world = await gateAfter([], { configuration });
  const [record] = await world.tell([retried(50)]);
  const finding: Finding = {
    uid: "f",
    rule: { id: BREAK_GLASS_RULE, title: "Break-glass access used" },
    level: "critical",
    time: TEN,
    principal: SESSION,
    action: "pipeline.retry",
    operation: "RetryStageExecution",
    event: "e",
    granted: { by: "assumed-role" },
    why: "It was.",
    next: [],
  };
  const found = { ...record, findings: [finding] } as AuditRecord;
  const known = { known: [{ session: SESSION, people: [], unexplained: [TEN] }] };
  expect(findingReasons([found], { configuration, now: NOW, emergencies: known })).toEqual([]);
  for (const emergencies of [{ known: [] }, { unknown: "the index is down" }]) {
    expect(findingReasons([found], { configuration, now: NOW, emergencies })).toHaveLength(1);
  }
  const another = { ...found, findings: [{ ...finding, rule: { id: "another", title: "Another" } }] };
  expect(findingReasons([another], { configuration, now: NOW, emergencies: known })).toHaveLength(1);
});
