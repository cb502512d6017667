/** The gate for any other tool: `POST /v1/gate`, in a request that IAM has let in. */
import { releaseManagers } from "../configuration/release-managers.ts";
import { covers } from "../grants/grant.ts";
import { callerOf } from "../grants/grant-caller.ts";
import { releasingGrants } from "../grants/releasing-grants.ts";
import { answerIamRequest, type IamRequest, jsonReply, Refusal } from "../receive/answer-iam-request.ts";
import type { HttpReply } from "../receive/problem.ts";
import type { Granted } from "../record/granted.ts";
import { grantedToUser, userOfArn } from "../sources/aws/aws-principal.ts";
import type { EventCaller } from "../sources/cloudevent-schema.ts";
import { defined } from "../sources/fields.ts";
import { type Asking, askGate } from "./ask-gate.ts";
import { describeDecision } from "./gate-decision.ts";
import type { GateActor } from "./gate-findings.ts";
import { type GateQuestion, placeOf, readGateRequest } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import { knownOf } from "./known.ts";

const MAX_BODY_CHARS = 16 * 1024;

/** 200 for a delivery that may go on, 409 for one that may not: so a script that stops at an error stops there. */
export function answerRequest(request: IamRequest, world: GateWorld): Promise<HttpReply> {
  return answerIamRequest(request, MAX_BODY_CHARS, async (value, caller) => {
    const { question, override } = readGateRequest(value);
    if (override === undefined) return reply(question, { by: "api" }, world);
    const entitled = await entitledTo(question, caller, world);
    if ("unknown" in entitled) return reply(question, { by: "api", unknown: entitled.unknown }, world);
    const { actor, grant } = entitled;
    const given = { by: actor.person, reason: override.reason, ...(grant !== undefined && { grant }) };
    return reply(question, { by: "api", override: given, actor }, world);
  });
}

async function reply(question: GateQuestion, asking: Asking, world: GateWorld): Promise<HttpReply> {
  const decision = await askGate(question, asking, world);
  if (decision.outcome === "wait") throw new Error("the gate was not told that it may wait");
  const { outcome, because, reasons, unknown, remarks } = decision;
  const message = describeDecision(decision, question);
  return jsonReply(outcome === "pass" ? 200 : 409, { outcome, because, reasons, unknown, remarks, message });
}

interface Entitled {
  readonly actor: GateActor & { readonly person: string };
  /** That made them a release manager for a while, where gatebook.yml does not. */
  readonly grant?: string;
}

/**
 * By the name that IAM checked.
 *
 * @returns that it could not be found out, where only a grant could entitle them
 * @throws Refusal for somebody who may not override the gate
 */
async function entitledTo(
  question: GateQuestion,
  caller: EventCaller,
  { configuration, grants, within, now }: GateWorld,
): Promise<Entitled | { readonly unknown: string }> {
  const time = now();
  const who = callerOf(caller, configuration, time);
  if ("refusal" in who) throw new Refusal(403, who.refusal);
  const { person } = who;
  const actor = { principal: caller.arn, person, granted: grantedTo(caller) };
  const isEntitled = releaseManagers(configuration)([question], [person]);
  if (isEntitled === true) return { actor };
  const held = await knownOf(`whether ${person} is a release manager for a while`, () => within(grants(time)));
  if ("unknown" in held) return held;
  const grant = releasingGrants(held.known, [person], time).find((each) => covers(each, question));
  if (grant !== undefined) return { actor, grant: grant.id };
  const refusal =
    isEntitled === undefined
      ? `gatebook.yml names no release-manager of ${placeOf(question)}: nobody can override the gate.`
      : `${person} is no release-manager of ${placeOf(question)}: ask one of them to override the gate.`;
  throw new Refusal(403, refusal);
}

function grantedTo({ arn, credential, sourceAddress }: EventCaller): Granted {
  const user = userOfArn(arn);
  const granted = user.type === "IAMUser" ? { by: "access-key" as const } : grantedToUser(user);
  return defined({ ...granted, credential, sourceAddress });
}
