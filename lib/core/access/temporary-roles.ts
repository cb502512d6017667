/** The roles that somebody has for a while, beside those of gatebook.yml. */
import { covers, describeRole, type Grant, isInForce, overAt } from "../grants/grant.ts";
import { REMEMBERED_MS } from "../grants/recent-grants.ts";
import type { AccessDecision } from "./access-decision.ts";
import type { AccessQuestion } from "./access-question.ts";
import { answerAll } from "./answer-all.ts";
import type { DecideAccess } from "./decide-access.ts";

interface Denied {
  readonly decision: AccessDecision;
  readonly questions: readonly AccessQuestion[];
  /** When the access happened. */
  readonly time: number;
}

/** No role helps against a policy that forbids, nor somebody who is no person. */
export function mayBeHelped({ decision, questions }: Omit<Denied, "time">): boolean {
  const isUnallowed = decision.outcome === "deny" && decision.policies.length === 0;
  return isUnallowed && questions.some(({ principal }) => principal.type === "Person");
}

/** The decision with the one temporary role that allows it; else the denial, which names the one that would have, and was over. */
export function decideWithGrants(denied: Denied, grants: readonly Grant[], decide: DecideAccess): AccessDecision {
  const { decision, questions, time } = denied;
  if (decision.outcome !== "deny") return decision;
  const helpful = grants.flatMap((grant) => answerWith(grant, questions, decide) ?? []);
  const held = helpful.find((each) => isInForce(each.grant, time));
  if (held !== undefined) {
    const { grant, answer, asked } = held;
    const by = `as ${describeRole(grant)} until ${iso(asked.until)}, by ${grant.id}, which ${grant.approved?.person} approved`;
    return {
      ...answer,
      reason: `${answer.reason} (${by})`,
      questions: held.questions,
      grant: grant.id,
    };
  }
  const over = helpful
    .filter(({ asked: { until } }) => until <= time && time - until < REMEMBERED_MS)
    .toSorted((one, other) => one.asked.until - other.asked.until)
    .at(-1);
  if (over === undefined) return decision;
  const when = `until ${iso(over.asked.until)}, when ${over.grant.id} was over`;
  const reason = `${decision.reason}; as ${describeRole(over.grant)} it could have been done ${when}`;
  return { ...decision, reason, grant: over.grant.id };
}

/** @returns undefined where the role would not have helped */
function answerWith(grant: Grant, questions: readonly AccessQuestion[], decide: DecideAccess) {
  const until = overAt(grant);
  if (until === undefined) return undefined;
  const asked = { role: grant.role, grant: grant.id, until };
  const temporaryRoles = [asked];
  const again = questions.map((question) => {
    const isTheirs = question.principal.type === "Person" && question.principal.id === grant.person;
    if (!isTheirs || !covers(grant, question.place) || decide(question).outcome === "allow") return question;
    return decide({ ...question, temporaryRoles }).outcome === "allow" ? { ...question, temporaryRoles } : question;
  });
  const answer = answerAll(again, decide);
  return answer?.outcome === "allow" ? { grant, questions: again, asked, answer } : undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
