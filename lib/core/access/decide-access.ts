/** The decision on an access: the policies' answer, in a sentence. */
import type { AccessAnswer } from "./access-decision.ts";
import { type AccessQuestion, nameOfPlace } from "./access-question.ts";
import type { AccessPolicy, PolicyEngine } from "./policy-engine.ts";

/** Answers kept: people do the same things again and again, and whoever varies them costs time and no memory. */
const MAX_ANSWERS = 5_000;

export type DecideAccess = (question: AccessQuestion) => AccessAnswer;

/** The same question has the same answer, so it is computed once. */
export function createDecider(policies: readonly AccessPolicy[], engine: PolicyEngine): DecideAccess {
  const reasons = new Map(policies.map(({ id, reason }) => [id, reason]));
  const answers = new Map<string, AccessAnswer>();
  return (question) => {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const { decision, policies: ids } = engine.authorise(question);
    const why = ids.map((id) => reasons.get(id) ?? id);
    const answer: AccessAnswer = {
      outcome: decision,
      policies: ids,
      reason: decision === "allow" ? allowed(question, why) : denied(question, why),
    };
    if (answers.size >= MAX_ANSWERS) answers.clear();
    answers.set(key, answer);
    return answer;
  };
}

function allowed(question: AccessQuestion, why: readonly string[]): string {
  return `${subject(question)} may do ${question.action} in ${nameOfPlace(question.place)}: ${why.join("; ")}`;
}

function denied(question: AccessQuestion, why: readonly string[]): string {
  const what = `${subject(question)} may not do ${question.action} in ${nameOfPlace(question.place)}`;
  return why.length > 0 ? `${what}: ${why.join("; ")}` : `${what}: no policy allows it${circumstances(question)}`;
}

function subject({ principal }: AccessQuestion): string {
  return principal.type === "Person" ? principal.id : `the workload ${principal.id}`;
}

/** Of what a policy may have asked for, what was not so. */
function circumstances({ principal, context }: AccessQuestion): string {
  const facts = [
    ...(context.businessHours ? [] : ["it was outside business hours"]),
    // A workload has no second factor: that it lacks one tells nobody anything.
    ...(principal.type === "Person" && context.mfa === "no" ? ["it was without MFA"] : []),
    ...(principal.type === "Workload" && !context.byPipeline ? ["it did not come from a pipeline"] : []),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}
