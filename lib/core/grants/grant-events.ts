/** What becomes of a grant, as events of Gatebook's own for the intake queue: all of them in the grant's own trace. */
import { describeRole, type Grant, type GrantAct, overAt } from "./grant.ts";

/** As which Gatebook itself ends what is over. */
const GATEBOOK = "gatebook:grants";

interface Told {
  readonly type: string;
  readonly time: number;
  readonly principal: string;
  readonly message: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export function requestedEvent(grant: Grant): string {
  const { person, minutes, requested } = grant;
  const message = `${person} asks to be ${describeRole(grant)} for ${minutes} minutes: ${requested.reason}`;
  return told(grant, { type: "grant.requested", ...by(requested), message });
}

export function approvedEvent(grant: Grant, approved: GrantAct): string {
  const { person, minutes } = grant;
  const why = approved.reason === undefined ? "" : `: ${approved.reason}`;
  const message = `${approved.person} makes ${person} ${describeRole(grant)} for ${minutes} minutes${why}`;
  return told(grant, {
    type: "grant.approved",
    ...by(approved),
    message,
    more: { until: iso(overAt({ ...grant, approved })) },
  });
}

export function revokedEvent(grant: Grant, revoked: GrantAct): string {
  const message = `${revoked.person} takes back that ${grant.person} is ${describeRole(grant)}: ${revoked.reason}`;
  return told(grant, { type: "grant.revoked", ...by(revoked), message });
}

/** @param at when it was over, or nobody had answered */
export function closedEvent(grant: Grant, how: "ended" | "lapsed", at: number): string {
  const message =
    how === "ended"
      ? `${grant.person} is no longer ${describeRole(grant)}`
      : `nobody answered whether ${grant.person} may be ${describeRole(grant)}`;
  return told(grant, { type: `grant.${how}`, principal: GATEBOOK, time: at, message });
}

/** @param what "added" to or "removed" from the trust policies of these roles */
export function trustEvent(grant: Grant, what: "added" | "removed", roles: readonly string[], at: number): string {
  const way = what === "added" ? "is trusted by" : "is no longer trusted by";
  const message = `${grant.person} ${way} ${roles.join(", ")}`;
  return told(grant, { type: `grant.trust-${what}`, principal: GATEBOOK, time: at, message, more: { roles } });
}

function by({ principal, time }: GrantAct): Pick<Told, "principal" | "time"> {
  return { principal, time };
}

/** What is told again is known by its id, for as long as it is the same person's doing at the same time. */
function told(grant: Grant, { type, time, principal, message, more = {} }: Told): string {
  const { id, person, role, place, minutes } = grant;
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid: `${type}:${id}:${time}`,
    time,
    type,
    principal,
    resource: id,
    trace: id,
    message,
    details: { grant: { id, person, role, place, minutes, ...more } },
  });
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
