/** The gate asked once, after a release was told. */
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import type { GateDecision } from "../../../lib/core/gate/gate-decision.ts";
import type { GateQuestion } from "../../../lib/core/gate/gate-question.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { EXECUTION, gateAfter, type Message, NOW, TO_PRODUCTION } from "./release.ts";

export async function decide(
  messages: readonly Message[],
  more: Partial<GateWorld> = {},
  question: GateQuestion = TO_PRODUCTION,
): Promise<GateDecision> {
  const decision = await askGate(question, { by: "api" }, await gateAfter(messages, more));
  if (decision.outcome === "wait") throw new Error("nobody waits here");
  return decision;
}

export const textsOf = ({ reasons }: GateDecision): string[] => reasons.map(({ text }) => text);

function finding(more: Partial<Finding> = {}): Finding {
  return {
    uid: "f1",
    rule: { id: "r1", title: "Pipeline edited by hand" },
    level: "high",
    time: NOW,
    principal: "arn:aws:iam::111122223333:user/ana",
    action: "pipeline.edit",
    operation: "UpdatePipeline",
    event: "e1",
    granted: { by: "console" },
    why: "It was.",
    next: [],
    ...more,
  };
}
/** An event of the delivery with a finding. */
export const found = (more: Partial<Finding> = {}): Message => ({
  v: 1,
  kind: "gatebook",
  uid: crypto.randomUUID(),
  time: NOW - 1_000,
  type: "drill.done",
  principal: "gatebook:drill",
  trace: EXECUTION,
  message: "Found",
  findings: [finding(more)],
});
