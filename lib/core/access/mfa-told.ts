/** Events that tell of an account whether it has a second factor, for what the account does later. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import { FAILURE } from "../record/ocsf.ts";
import { bounded } from "../sources/fields.ts";
import { principalOf } from "../sources/principal.ts";
import { type MfaState, mfaOfEvent } from "./mfa.ts";

/** A day: Identity Center's portal stays open for eight hours by default, and a session that it opens for twelve at most; so does the console. */
export const SIGN_IN_MS = 24 * 60 * 60 * 1000;

interface MfaTold {
  readonly mfa: MfaState;
  /** Accounts and organisations, by the names that `workforceAccounts` and `gitHubAccount` make, or principals. */
  readonly mfaOf: readonly string[];
}

/** A name is a key of the index. */
const MAX_NAME_CHARS = 600;

/** https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise */
const GITHUB_ACCOUNT = new Map<string, MfaState>([
  ["two_factor_authentication.enabled", "yes"],
  ["two_factor_authentication.add_factor", "yes"],
  ["two_factor_authentication.disabled", "no"],
  ["user.two_factor_challenge_success", "yes"],
]);

/** Without the requirement, members may have a second factor or not. */
const GITHUB_ORGANISATION = new Map<string, MfaState>([
  ["org.enable_two_factor_requirement", "yes"],
  ["org.disable_two_factor_requirement", "unknown"],
]);

/** A workforce user, by name, by id, or by the address of the person. */
function ssoAccount(user: string): string {
  return bounded(`sso:${user.toLowerCase()}`, MAX_NAME_CHARS);
}

/** `github:<login>`, or `github:<organisation>`: GitHub compares both without case. */
export function gitHubAccount(uid: string): string {
  return bounded(uid.toLowerCase(), MAX_NAME_CHARS);
}

/** @param person e-mail address of whoever is behind the event */
export function mfaTold(normalised: NormalisedEvent, person?: string): MfaTold | undefined {
  const { event } = normalised;
  if (event.status_id === FAILURE) return undefined;
  // An entry of the log is read back for its event and its time: it may lack the rest.
  const { product } = event.metadata as Partial<typeof event.metadata>;
  const vendor = product?.vendor_name;
  if (vendor === "GitHub") return toldByGitHub(normalised);
  return vendor === "AWS" ? toldBySignIn(normalised, person) : undefined;
}

/** A sign-in of which nothing is known stands as well: what an earlier one told is no longer so. */
function toldBySignIn({ event, granted }: NormalisedEvent, person: string | undefined): MfaTold | undefined {
  const { by, subject } = granted;
  const mfa = mfaOfEvent(granted);
  switch (event.metadata.event_code) {
    case "ConsoleLogin":
      return by === "console" || by === "root" ? { mfa, mfaOf: [principalOf(event)] } : undefined;
    case "UserAuthentication":
      return by === "identity-center" ? { mfa, mfaOf: workforceAccounts(subject, person) } : undefined;
    // Of each factor alone: only the second says something.
    case "CredentialVerification":
      return by === "identity-center" && mfa === "yes" ? { mfa, mfaOf: workforceAccounts(subject, person) } : undefined;
    default:
      return undefined;
  }
}

/** A sign-in knows the user's id and a session the name: the person in gatebook.yml joins them. */
export function workforceAccounts(subject: string | undefined, person: string | undefined): readonly string[] {
  return [...new Set([subject, person].flatMap((name) => (name === undefined ? [] : [ssoAccount(name)])))];
}

function toldByGitHub({ event }: NormalisedEvent): MfaTold | undefined {
  const code = event.metadata.event_code;
  const account = GITHUB_ACCOUNT.get(code);
  if (account !== undefined) {
    return { mfa: account, mfaOf: [gitHubAccount(event.user?.uid ?? principalOf(event))] };
  }
  const organisation = GITHUB_ORGANISATION.get(code);
  const uid = event.resources?.find(({ type }) => type === "organization")?.uid;
  return organisation === undefined || uid === undefined
    ? undefined
    : { mfa: organisation, mfaOf: [gitHubAccount(uid)] };
}
