/** What the organisation says of an event, for rules: where it belongs, and in which capacity the caller acts. */
import type { Configuration } from "../configuration/configuration.ts";
import { type Placement, placementOf } from "../configuration/placement.ts";
import { environmentsOf } from "../configuration/project.ts";
import { remembered } from "../configuration/remembered.ts";
import { withSessions } from "../configuration/role-sessions.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import { isServicePrincipal, principalOf } from "../sources/principal.ts";
import type { NormalisedEvent } from "./audit-record.ts";
import type { Classification } from "./classify.ts";

/** Names as rules write them. */
export interface RecordContext extends Placement {
  /** The person's last day was before the event, or is its day. */
  readonly leaver: boolean;
  /** The principal, or anything in its chain, is kept for emergencies. */
  readonly break_glass: boolean;
  /** The caller acts as a deploy role: as a session of it. */
  readonly by_deploy_role: boolean;
  /** A cloud service acts, on its own behalf or on somebody's. */
  readonly by_service: boolean;
}

export type ContextOf = (record: {
  readonly normalised: Pick<NormalisedEvent, "event" | "granted">;
  readonly classification: Pick<Classification, "person" | "calendar">;
}) => RecordContext;

/** The console calls other services as this one, for the person who is signed in. */
const CONSOLE_SERVICE = "signin.amazonaws.com";

/** Principals come again and again; whoever sends others costs time and no memory. */
const MAX_REMEMBERED = 4_096;

export function contextReader(configuration: Configuration): ContextOf {
  const { people, projects, breakGlass } = configuration;
  const placeOf = placementOf(configuration);
  const leftOn = new Map(people.flatMap(({ email, left }) => (left === undefined ? [] : [[email, left] as const])));
  const deployRoles = environmentsOf(projects).flatMap((environment) => environment.deployRoles);
  const isDeployRole = remembered(MAX_REMEMBERED, matcherOf(withSessions(deployRoles)));
  const isBreakGlass = remembered(MAX_REMEMBERED, matcherOf(withSessions(breakGlass)));
  return ({ normalised: { event, granted }, classification: { person, calendar } }) => {
    const principal = principalOf(event);
    const issuer = event.actor?.session?.issuer;
    const hands = [principal, ...(issuer === undefined ? [] : [issuer]), ...(granted.chain ?? [])];
    const left = person === undefined ? undefined : leftOn.get(person);
    const uids = (event.resources ?? []).flatMap(({ uid }) => uid ?? []);
    return {
      ...placeOf(event.cloud?.account?.uid, uids),
      leaver: left !== undefined && left <= calendar.date,
      break_glass: hands.some(isBreakGlass),
      // A session's name is chosen by whoever opens it, so that of a chain its ARNs alone say as whom they act.
      by_deploy_role: hands.some((hand) => hand.startsWith("arn:") && isDeployRole(hand)),
      by_service: granted.by === "service" || isServicePrincipal(principal) || isActingService(event.actor?.invoked_by),
    };
  };
}

function isActingService(invokedBy: string | undefined): boolean {
  return invokedBy !== undefined && invokedBy !== CONSOLE_SERVICE && isServicePrincipal(invokedBy);
}
