/** The gate for any other tool: `POST /v1/gate`, in a request that IAM has let in. */
import { calendarOf } from "../configuration/calendar.ts";
import { personLookup } from "../configuration/people.ts";
import { releaseManagers } from "../configuration/release-managers.ts";
import { GatebookError } from "../errors.ts";
import { type HttpReply, problem } from "../receive/problem.ts";
import { grantedToUser, userOfArn } from "../sources/aws/aws-principal.ts";
import { EventCaller } from "../sources/cloudevent-schema.ts";
import { defined } from "../sources/fields.ts";
import { parseJson } from "../sources/json.ts";
import { type Asking, askGate } from "./ask-gate.ts";
import { describeDecision } from "./gate-decision.ts";
import type { GateActor } from "./gate-findings.ts";
import { type GateQuestion, readGateRequest } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";

const MAX_BODY_CHARS = 16 * 1024;

export interface GateRequest {
  readonly body: string;
  /** What API Gateway tells of whom IAM let in. */
  readonly caller: unknown;
}

/** 200 for a delivery that may go on, 409 for one that may not: so a script that stops at an error stops there. */
export async function answerRequest({ body, caller: given }: GateRequest, world: GateWorld): Promise<HttpReply> {
  const caller = EventCaller.safeParse(given);
  // A route that lost its authoriser would let anybody in: without a caller nothing is answered.
  if (!caller.success) return problem(403, "The request is not signed by a principal that IAM knows.");
  if (body.length > MAX_BODY_CHARS) return problem(413, `The body has more than ${MAX_BODY_CHARS} characters.`);
  try {
    const { question, override } = readGateRequest(parseJson(body, "the request"));
    if (override === undefined) return await reply(question, { by: "api" }, world);
    const entitled = entitledTo(question, caller.data, world);
    if ("refusal" in entitled) return problem(403, entitled.refusal);
    const { actor } = entitled;
    return await reply(question, { by: "api", override: { by: actor.person, reason: override.reason }, actor }, world);
  } catch (error) {
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return problem(400, `${error.message}.`);
    throw error;
  }
}

async function reply(question: GateQuestion, asking: Asking, world: GateWorld): Promise<HttpReply> {
  const decision = await askGate(question, asking, world);
  if (decision.outcome === "wait") throw new Error("the gate was not told that it may wait");
  const { outcome, because, reasons, unknown, remarks } = decision;
  return {
    statusCode: outcome === "pass" ? 200 : 409,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      outcome,
      because,
      reasons,
      unknown,
      remarks,
      message: describeDecision(decision, question),
    }),
  };
}

type Entitled = { readonly actor: GateActor & { readonly person: string } } | { readonly refusal: string };

/** By the name that IAM checked. A role's session is whoever opened it says: it is somebody's only where gatebook.yml lists it. */
function entitledTo(
  { project }: GateQuestion,
  { arn, credential, sourceAddress }: EventCaller,
  { configuration, now }: GateWorld,
): Entitled {
  const user = userOfArn(arn);
  const granted = { ...(user.type === "IAMUser" ? { by: "access-key" as const } : grantedToUser(user)) };
  const person = personLookup(configuration.people)(arn, granted);
  if (person === undefined) {
    return {
      refusal: `${arn} is nobody of gatebook.yml: an override needs a person, with this ARN among their identities.`,
    };
  }
  const left = configuration.people.find(({ email }) => email === person)?.left;
  if (left !== undefined && left <= calendarOf(configuration)(now()).date)
    return { refusal: `${person} left on ${left}.` };
  const isEntitled = releaseManagers(configuration)([project], [person]);
  if (isEntitled === undefined) {
    return {
      refusal: `projects.${project}.roles of gatebook.yml names no release-manager: nobody can override the gate.`,
    };
  }
  if (!isEntitled)
    return { refusal: `${person} is no release-manager of ${project}: ask one of them to override the gate.` };
  return { actor: { principal: arn, person, granted: defined({ ...granted, credential, sourceAddress }) } };
}
