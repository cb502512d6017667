/** `POST /v1/grants`, in a request that IAM has let in: somebody asks for a role, gives it, or takes it back. */
import type { Configuration } from "../configuration/configuration.ts";
import { GatebookError } from "../errors.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { type HttpReply, problem } from "../receive/problem.ts";
import { EventCaller } from "../sources/cloudevent-schema.ts";
import { parseJson } from "../sources/json.ts";
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

/** A refusal is an answer: 403 for whom it is not theirs to do, 404 and 409 for what is not there or no longer. */
class Refusal extends Error {
  readonly status: 403 | 404 | 409;

  constructor(status: 403 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

export async function answerGrantRequest(
  { body, caller: given }: { readonly body: string; readonly caller: unknown },
  world: GrantWorld,
): Promise<HttpReply> {
  const caller = EventCaller.safeParse(given);
  // A route that lost its authoriser would let anybody in: without a caller nothing is answered.
  if (!caller.success) return problem(403, "The request is not signed by a principal that IAM knows.");
  if (body.length > MAX_BODY_CHARS) return problem(413, `The body has more than ${MAX_BODY_CHARS} characters.`);
  try {
    const request = readGrantRequest(parseJson(body, "the request"));
    if (request.do === "list") return reply({ grants: await list(world) });
    const who = callerOf(caller.data, world.configuration, world.now());
    if ("refusal" in who) return problem(403, who.refusal);
    const grant = await carryOut(request, who, world);
    return reply({ grant: shown(grant, world.now()), approvers: approversOf(grant, world.configuration) });
  } catch (error) {
    if (error instanceof Refusal) return problem(error.status, error.message);
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return problem(400, `${error.message}.`);
    throw error;
  }
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

function reply(answer: object): HttpReply {
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
}
