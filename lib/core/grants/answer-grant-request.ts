/** `POST /v1/grants`, in a request that IAM has let in: somebody asks for a role, gives it, or takes it back. */
import type { Configuration } from "../configuration/configuration.ts";
import { answerIamRequest, type IamRequest, jsonReply, Refusal } from "../receive/answer-iam-request.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import type { HttpReply } from "../receive/problem.ts";
import { describeRole, endOf, type Grant, type GrantAct, type GrantState, grantId, stateOf } from "./grant.ts";
import { callerOf, type GrantCaller } from "./grant-caller.ts";
import { approvedEvent, requestedEvent, revokedEvent } from "./grant-events.ts";
import { type GrantRequest, readGrantRequest } from "./grant-request.ts";
import type { GrantStore } from "./grant-store.ts";
import { approversOf, refusalToApprove, refusalToAsk } from "./who-decides.ts";

const MAX_BODY_CHARS = 8 * 1024;
/** Of one person at a time: whoever approves has to be able to read them. */
export const MAX_OPEN_REQUESTS = 10;
const LISTED_MS = 7 * 24 * 60 * 60 * 1000;

export interface GrantWorld {
  readonly configuration: Configuration;
  readonly grants: GrantStore;
  readonly intake: IntakeQueue;
  readonly now: () => number;
  /** Eight hexadecimal digits that nobody can guess. */
  readonly newId: () => string;
}

/** A grant as the command line shows it. */
interface ShownGrant extends Omit<Grant, "version"> {
  readonly state: GrantState;
  /** Epoch milliseconds, once it is approved. */
  readonly until?: number;
}

export function answerGrantRequest(request: IamRequest, world: GrantWorld): Promise<HttpReply> {
  return answerIamRequest(request, MAX_BODY_CHARS, async (told, caller) => {
    const asked = readGrantRequest(told);
    if (asked.do === "list") return jsonReply(200, { grants: await list(world) });
    const who = callerOf(caller, world.configuration, world.now());
    if ("refusal" in who) throw new Refusal(403, who.refusal);
    const grant = await carryOut(asked, who, world);
    return jsonReply(200, { grant: shown(grant, world.now()), approvers: approversOf(grant, world.configuration) });
  });
}

async function list({ grants, now }: GrantWorld): Promise<ShownGrant[]> {
  const at = now();
  // Clocks of two functions differ: what was requested a moment ahead of ours is there too.
  return (await grants.requestedBetween(at - LISTED_MS, at + LISTED_MS)).map((grant) => shown(grant, at));
}

function carryOut(request: Exclude<GrantRequest, { do: "list" }>, who: GrantCaller, world: GrantWorld): Promise<Grant> {
  switch (request.do) {
    case "request":
      return ask(request, who, world);
    case "approve":
      return approve(request, who, world);
    case "revoke":
      return revoke(request, who, world);
  }
}

async function ask(
  { role, place, minutes, reason }: Extract<GrantRequest, { do: "request" }>,
  who: GrantCaller,
  { configuration, grants, intake, now, newId }: GrantWorld,
): Promise<Grant> {
  const time = now();
  const refusal = refusalToAsk({ person: who.person, role, place }, configuration);
  if (refusal !== undefined) throw new Refusal(403, refusal);
  const others = await grants.requestedBetween(time - LISTED_MS, time + LISTED_MS);
  const open = others.filter((other) => other.person === who.person && stateOf(other, time) === "requested");
  if (open.length >= MAX_OPEN_REQUESTS) {
    throw new Refusal(409, `${who.person} has ${open.length} requests that nobody has answered: revoke some of them.`);
  }
  const grant: Grant = {
    id: grantId(time, newId()),
    version: 1,
    person: who.person,
    role,
    place,
    minutes,
    requested: { ...who, time, reason },
  };
  // Recorded first: a request that is not kept is asked again, and nobody can approve what is not recorded.
  await intake.send([requestedEvent(grant)]);
  return store(grant, grants);
}

async function approve(
  { grant: id, reason }: Extract<GrantRequest, { do: "approve" }>,
  who: GrantCaller,
  { configuration, grants, intake, now }: GrantWorld,
): Promise<Grant> {
  const grant = await find(id, grants);
  const time = now();
  const refusal = refusalToApprove(who.person, grant, configuration);
  if (refusal !== undefined) throw new Refusal(403, refusal);
  // gatebook.yml may have changed since it was asked for.
  const outdated = refusalToAsk(grant, configuration);
  if (outdated !== undefined) throw new Refusal(409, outdated);
  const state = stateOf(grant, time);
  if (state !== "requested") throw new Refusal(409, `${id} cannot be approved: it is ${state}.`);
  const approved: GrantAct = { ...who, time, ...(reason !== undefined && { reason }) };
  // Recorded first: whatever is interrupted from here on gives nobody a role that the log does not know of.
  await intake.send([approvedEvent(grant, approved)]);
  return store({ ...grant, version: grant.version + 1, approved }, grants);
}

async function revoke(
  { grant: id, reason }: Extract<GrantRequest, { do: "revoke" }>,
  who: GrantCaller,
  { configuration, grants, intake, now }: GrantWorld,
): Promise<Grant> {
  const grant = await find(id, grants);
  const time = now();
  const isTheirs = grant.person === who.person;
  if (!isTheirs && refusalToApprove(who.person, grant, configuration) !== undefined) {
    throw new Refusal(403, `${who.person} may not take back that somebody is ${describeRole(grant)}.`);
  }
  const state = stateOf(grant, time);
  if (state === "ended" || state === "lapsed") throw new Refusal(409, `${id} is over by itself: it has ${state}.`);
  const revoked = grant.revoked ?? { ...who, time, reason };
  // Taken back first, and said again where saying it failed: what is revoked must not wait for the log.
  const next = grant.revoked === undefined ? { ...grant, version: grant.version + 1, revoked } : grant;
  if (next !== grant) await store(next, grants);
  await intake.send([revokedEvent(next, revoked)]);
  return next;
}

async function find(id: string, grants: GrantStore): Promise<Grant> {
  const grant = await grants.read(id);
  if (grant === undefined) throw new Refusal(404, `There is no ${id}: list shows those that there are.`);
  return grant;
}

async function store(next: Grant, grants: GrantStore): Promise<Grant> {
  if ((await grants.replace(next)) === "stored") return next;
  throw new Refusal(409, `Somebody else changed ${next.id} at the same time: look at it again.`);
}

function shown({ version: _, ...grant }: Grant, now: number): ShownGrant {
  const until = endOf(grant);
  return { ...grant, state: stateOf({ ...grant, version: 1 }, now), ...(until !== undefined && { until }) };
}
