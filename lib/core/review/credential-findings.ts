/** What is wrong with an account's credentials: no MFA, keys too old, keys of root. */
import { createHash } from "node:crypto";
import { Temporal } from "temporal-polyfill";
import type { Finding, Level } from "../record/finding.ts";
import type { AccessKey, CredentialedUser } from "./credential-report.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface ReviewContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly keyMaxAgeDays: number;
  readonly personOf: (principal: string) => string | undefined;
  /** Id of what set the review off. */
  readonly run: string;
}

interface Check {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly why: string;
  readonly next: readonly string[];
}

const MFA_MISSING: Check = {
  id: "5b0f4a52-9d53-4b6e-8a0a-8d9cf1f0a6c1",
  title: "User signs in without MFA",
  level: "medium",
  why: "This user has a console password and no MFA device: whoever learns the password has the account's access.",
  next: [
    "It means that one stolen or guessed password is enough to act as this user.",
    "Check whether the user still signs in: password_last_used in IAM's credential report.",
    "Have the user register an MFA device, or remove the password if nobody signs in with it.",
  ],
};

const ROOT_MFA_MISSING: Check = {
  ...MFA_MISSING,
  id: "0a7c6ad5-2f1c-4a8f-9b43-9d9d2a6c3f52",
  title: "Root has no MFA",
  level: "critical",
  why: "The account's root user can do everything, no policy limits it, and its password alone opens the account.",
  next: [
    "It means that one stolen password is enough to take over the whole account.",
    "Check CloudTrail for recent ConsoleLogin events of Root, and whether you know all of them.",
    "Register an MFA device for root today; for member accounts, remove root's credentials centrally.",
  ],
};

const ROOT_KEY: Check = {
  id: "c8f6a2c7-4f6d-4e0c-9c5a-5cb7c7f0e0d4",
  title: "Root has an access key",
  level: "critical",
  why: "A long-lived key of the root user can do everything from anywhere, and no policy limits it.",
  next: [
    "It means that whoever finds the key in a file or a log owns the account.",
    "Check CloudTrail for calls of Root with an accessKeyId, and what still uses the key.",
    "Deactivate the key, wait for what breaks, then delete it.",
  ],
};

const KEY_TOO_OLD: Check = {
  id: "b1a3d0de-55b8-4a0e-9e6a-3d2f7d7c8e19",
  title: "Access key is too old",
  level: "medium",
  why: "Long-lived keys end up in laptops, logs and backups; the longer one is valid, the more places hold it.",
  next: [
    "It means that a leak of this key at any time since it was made is still usable today.",
    "Check where it is used: access_key_last_used in the credential report, GetAccessKeyLastUsed for its id.",
    "Make a new key, switch over, deactivate the old one, delete it; better, use a role.",
  ],
};

/** What findings of this file are called, for whoever names a rule. */
export const CREDENTIAL_RULES = [MFA_MISSING, ROOT_MFA_MISSING, ROOT_KEY, KEY_TOO_OLD].map(({ id, title }) => ({
  id,
  title,
}));

/** One finding per user without MFA and per key too old. Each repeats monthly: the same in one month, another in the next. */
export function findCredentialProblems(users: readonly CredentialedUser[], context: ReviewContext): Finding[] {
  return users.flatMap((user) => [
    ...findMfaProblems(user, context),
    ...user.accessKeys.flatMap((key) => findKeyProblems(user, key, context)),
  ]);
}

function findMfaProblems(user: CredentialedUser, context: ReviewContext): Finding[] {
  if (user.hasMfa || !user.hasPassword) return [];
  return [toFinding(user.isRoot ? ROOT_MFA_MISSING : MFA_MISSING, user, context, [])];
}

function findKeyProblems(user: CredentialedUser, key: AccessKey, context: ReviewContext): Finding[] {
  if (user.isRoot) return [toFinding(ROOT_KEY, user, context, [String(key.number)])];
  if (key.lastRotated === undefined) return [];
  const ageDays = Math.floor((context.now - key.lastRotated) / DAY_MS);
  if (ageDays <= context.keyMaxAgeDays) return [];
  const finding = toFinding(KEY_TOO_OLD, user, context, [String(key.number), String(key.lastRotated)]);
  const age = `Access key ${key.number} of this user is ${ageDays} days old; review.keyMaxAgeDays allows ${context.keyMaxAgeDays}.`;
  return [{ ...finding, why: `${age} ${finding.why}` }];
}

function toFinding(
  check: Check,
  user: CredentialedUser,
  { now, personOf, run }: ReviewContext,
  identity: readonly string[],
): Finding {
  const { id, title, level, why, next } = check;
  const person = personOf(user.arn);
  const month = Temporal.Instant.fromEpochMilliseconds(now).toString().slice(0, "YYYY-MM".length);
  const uid = createHash("sha256")
    .update([id, user.arn, month, ...identity].join("\n"))
    .digest("hex");
  return {
    uid,
    rule: { id, title },
    level,
    time: now,
    principal: user.arn,
    ...(person !== undefined && { person }),
    action: "other",
    operation: "access review of IAM's credential report",
    resource: user.arn,
    event: `${run}:${uid}`,
    granted: { by: "unknown" },
    why,
    next,
  };
}
