/** `POST /v1/break-glass`, in a request that IAM has let in: what was done with emergency access is listed, and explained. */
import type { Configuration } from "../configuration/configuration.ts";
import { callerOf, type GrantCaller } from "../grants/grant-caller.ts";
import { answerIamRequest, type IamRequest, jsonReply, Refusal } from "../receive/answer-iam-request.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import type { HttpReply } from "../receive/problem.ts";
import { type BreakGlassRequest, readBreakGlassRequest } from "./break-glass-request.ts";
import { type Explanation, explainedEvent } from "./explanation.ts";
import { hoursOfSession } from "./find-session.ts";
import { listUses, type ShownUse, shownExplained, stateOf, type UsesWorld } from "./list-uses.ts";
import type { OpenUse } from "./open-use.ts";

const MAX_BODY_CHARS = 16 * 1024;

export interface BreakGlassWorld extends UsesWorld {
  readonly configuration: Configuration;
  readonly intake: IntakeQueue;
}

export function answerBreakGlassRequest(request: IamRequest, world: BreakGlassWorld): Promise<HttpReply> {
  return answerIamRequest(request, MAX_BODY_CHARS, async (value, caller) => {
    const asked = readBreakGlassRequest(value);
    if (asked.do === "list") return jsonReply(200, await listUses(world, asked.all === true));
    const who = callerOf(caller, world.configuration, world.now());
    if ("refusal" in who) throw new Refusal(403, who.refusal);
    return jsonReply(200, await explain(asked, who, world));
  });
}

/** @returns the use as it is explained now, and whether it was before */
async function explain(
  { use: named, reason, ticket }: Extract<BreakGlassRequest, { do: "explain" }>,
  who: GrantCaller,
  world: BreakGlassWorld,
): Promise<{ readonly use: ShownUse; readonly already: boolean }> {
  const hours = await hoursOfSession(named, world);
  const [hour] = hours;
  if (hour === undefined) {
    throw new Refusal(
      404,
      `Nothing is recorded of a break-glass session ${named}, or of an event of one: list shows them. CloudTrail tells of them some minutes late.`,
    );
  }
  const { use, explanations } = await stateOf(hour.session, hours, world);
  if (use === undefined) {
    const last = explanations.at(-1);
    if (last === undefined)
      throw new Refusal(409, `What ${hour.session} did is being recorded: ask again in a minute.`);
    return { use: shownExplained(last), already: true };
  }
  const at = world.now();
  if (use.since > at) {
    throw new Refusal(409, `What ${use.session} did is dated ${new Date(use.since).toISOString()}: explain it then.`);
  }
  const { session, since, accesses, people } = use;
  const given: Explanation = {
    // Whoever posts an event says when it was: an explanation up to a time to come would explain what nobody has done yet.
    ...{ session, since, until: Math.min(use.until, at), accesses, people },
    ...(use.isMore && { isMore: true }),
    by: who.person,
    usedIt: hasUsed(who, use),
    reason,
    ...(ticket !== undefined && { ticket }),
    at,
  };
  await world.intake.send([explainedEvent(given, who.principal)]);
  return { use: shownExplained(given), already: false };
}

/** Who used it is known where a person of gatebook.yml took it on; nobody is said not to have where nobody is known to have, or not all was looked at. */
function hasUsed(
  { person, principal }: GrantCaller,
  { people, others, session, isMore }: OpenUse,
): Explanation["usedIt"] {
  if (people.includes(person) || others.includes(principal) || session === principal) return "yes";
  return people.length > 0 && !isMore ? "no" : "unknown";
}
