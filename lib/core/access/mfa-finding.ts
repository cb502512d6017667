/** The finding of an access without a second factor where gatebook.yml asks for one. */
import type { RecordView } from "../detections/record-view.ts";
import { toFinding } from "../detections/to-finding.ts";
import type { Finding } from "../record/finding.ts";
import { principalOf } from "../sources/principal.ts";
import type { MfaKnowledge } from "./mfa.ts";

export const MFA_RULE = { id: "mfa:required", title: "Access without MFA where it is required" };

const KNOWN_FROM: Readonly<Record<MfaKnowledge["from"], string>> = {
  access: "the credential that was used had no second factor",
  session: "whoever opened the session had no second factor",
  "sign-in": "the user's last sign-in was without a second factor",
  account: "the account's second factor was switched off",
  organisation: "the organisation asks nobody for a second factor",
  nothing: "",
};

/** @returns undefined where there was one, and where nobody knows: that is counted and not mailed each time */
export function findMissingMfa(view: RecordView, { is, from }: MfaKnowledge): Finding | undefined {
  if (is !== "no") return undefined;
  const description = `${view.person ?? principalOf(view)} did ${view.action} without MFA, which mfa.requiredFor of gatebook.yml asks for: ${KNOWN_FROM[from]}.`;
  return toFinding({ ...MFA_RULE, level: "high", description, runbook: RUNBOOK }, view);
}

const RUNBOOK = [
  "What it means: a password or a key alone was enough for this access, so whoever learns it can do the same.",
  "What to check: ask the person by another channel whether it was them; gatebook policy mfa lists who else acts without MFA, and since when.",
  "How to contain: if it was not them, take the credential away; else have them sign in with MFA, and let the policy of the system that granted it refuse what comes without.",
];
