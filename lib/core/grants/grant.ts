/** A temporary role: asked for by a person with a reason, given by another, and over by itself. */
import * as z from "zod";
import { type AccessPlace, nameOfPlace } from "../access/access-question.ts";

const MINUTE_MS = 60_000;
/** Shorter than this it is over before AWS has told of the first access. */
export const MIN_MINUTES = 5;
/** What takes longer than a long day's work is a role in gatebook.yml. */
export const MAX_MINUTES = 12 * 60;
/** A request that nobody answers lapses: whoever approves should still know what it was about. */
export const ANSWER_MS = 4 * 60 * MINUTE_MS;
/** From the request to the end, at the most. */
export const MAX_LIFE_MS = ANSWER_MS + MAX_MINUTES * MINUTE_MS;
export const MAX_REASON_CHARS = 500;

/** A grant is the trace of all that is done under it, and begins like this. Sorts by the time of its request. */
const GRANT_PREFIX = "grant:";
const GRANT_ID = /^grant:(\d{13})-[0-9a-f]{8}$/;
const TIME_DIGITS = 13;

const time = z.int().min(0);
const text = z.string().min(1);

/** Who did something to a grant, and when. */
const GrantAct = z.object({
  person: text,
  /** As which they called: an ARN. */
  principal: text,
  time,
  reason: text.exactOptional(),
});
export type GrantAct = Readonly<z.infer<typeof GrantAct>>;

export const Grant = z.object({
  id: z.string().regex(GRANT_ID),
  /** Grows with each change. */
  version: z.int().min(1),
  person: text,
  role: text,
  place: z.object({ project: text, environment: text.exactOptional() }),
  minutes: z.int().min(MIN_MINUTES).max(MAX_MINUTES),
  requested: GrantAct,
  approved: GrantAct.exactOptional(),
  revoked: GrantAct.exactOptional(),
  /** That it is over is recorded, and nothing is left of it in AWS. */
  isClosed: z.boolean().exactOptional(),
  /** Deploy roles whose trust policies name the person for as long as it lasts. */
  trustedBy: z.array(text).exactOptional(),
});
export type Grant = Readonly<z.infer<typeof Grant>>;

export type GrantState = "requested" | "lapsed" | "active" | "ended" | "revoked";

/** @param unique eight hexadecimal digits */
export function grantId(requestedAt: number, unique: string): string {
  return `${lowestIdAt(requestedAt)}-${unique}`;
}

/** Every id of a request at that time or later sorts behind it. */
export function lowestIdAt(requestedAt: number): string {
  return GRANT_PREFIX + String(Math.max(0, requestedAt)).padStart(TIME_DIGITS, "0");
}

export function isGrantId(id: string): boolean {
  return GRANT_ID.test(id);
}

/** When it ends by itself; undefined before it is approved. */
export function endOf({ approved, minutes }: Pick<Grant, "approved" | "minutes">): number | undefined {
  return approved === undefined ? undefined : approved.time + minutes * MINUTE_MS;
}

export function stateOf(grant: Grant, now: number): GrantState {
  const { approved, revoked, requested } = grant;
  if (revoked !== undefined) return "revoked";
  if (approved === undefined) return now >= requested.time + ANSWER_MS ? "lapsed" : "requested";
  return now >= (endOf(grant) ?? 0) ? "ended" : "active";
}

/** When it was over, by its time or by somebody's hand; undefined for one that was never approved. */
export function overAt(grant: Grant): number | undefined {
  const end = endOf(grant);
  return end === undefined ? undefined : Math.min(end, grant.revoked?.time ?? end);
}

/** Whether it gave the role at that time, whatever became of it since. */
export function isInForce(grant: Grant, at: number): boolean {
  const over = overAt(grant);
  return over !== undefined && grant.approved !== undefined && grant.approved.time <= at && at < over;
}

/** A grant on a project holds in all of its environments. */
export function covers({ place: granted }: Grant, place: AccessPlace): boolean {
  if (granted.project !== place.project) return false;
  return granted.environment === undefined || granted.environment === place.environment;
}

/** @example "release-manager of shop/production" */
export function describeRole({ role, place }: Pick<Grant, "role" | "place">): string {
  return `${role} of ${nameOfPlace(place)}`;
}
