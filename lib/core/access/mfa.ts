/** What is known of the second factor behind an access, and from where it is known. */
import type { Granted } from "../record/granted.ts";

export const MFA_STATES = ["yes", "no", "unknown"] as const;
export type MfaState = (typeof MFA_STATES)[number];

/**
 * - `access`: the event says it itself, or the credential is one that never has a second factor.
 * - `session`: known of whoever opened the session that acts.
 * - `sign-in`: of the last sign-in of the same user.
 * - `account`: the account cannot sign in without one, or can, at a code host.
 * - `organisation`: the organisation lets nobody in without one.
 * - `nothing`: nobody tells.
 */
type MfaSource = "access" | "session" | "sign-in" | "account" | "organisation" | "nothing";

export interface MfaKnowledge {
  readonly is: MfaState;
  readonly from: MfaSource;
  /** When it was told, where not with the access: epoch milliseconds. */
  readonly since?: number;
}

export const NOT_KNOWN: MfaKnowledge = { is: "unknown", from: "nothing" };

/** AWS asks no long-lived key for a code: a session that was opened with one has a key of its own. */
const LONG_LIVED = /^AKIA/;

/** As the event alone tells it. */
export function mfaOfEvent({ by, mfa, credential = "" }: Granted): MfaState {
  if (mfa !== undefined) return mfa ? "yes" : "no";
  return by === "access-key" && LONG_LIVED.test(credential) ? "no" : "unknown";
}

/**
 * CloudTrail marks the session that a user opened with a code. A session that this one opens, role after role, has "false", and so has one for which
 * an identity provider vouched: of both, whoever opened them knows more.
 *
 * @param opener what is known of whoever opened the session; undefined where nobody is known to have
 */
export function mfaOfSession(granted: Granted, opener: MfaState | undefined): MfaKnowledge {
  const is = mfaOfEvent(granted);
  if (is !== "yes" && granted.by === "assumed-role" && opener !== undefined) return { is: opener, from: "session" };
  return is === "unknown" ? NOT_KNOWN : { is, from: "access" };
}
