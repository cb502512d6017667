/** The daily review of an account's credentials, as the messages that put it on record. */
import { personLookup } from "../configuration/people.ts";
import type { Settings } from "../settings.ts";
import { findCredentialProblems } from "./credential-findings.ts";
import { parseCredentialReport } from "./credential-report.ts";

/** Gatebook's own name as a principal. */
const PRINCIPAL = "gatebook:review";

export interface CredentialReview {
  readonly csv: string;
  readonly settings: Pick<Settings, "configuration">;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Id of what set the review off; a repeated attempt has the same, and is recorded once. */
  readonly run: string;
}

/** @returns messages for the intake queue: one per finding, and one that says that the review was done */
export function reviewCredentials({ csv, settings: { configuration }, now, run }: CredentialReview): string[] {
  const personOf = personLookup(configuration.people);
  const users = parseCredentialReport(csv);
  const findings = findCredentialProblems(users, {
    now,
    keyMaxAgeDays: configuration.review.keyMaxAgeDays,
    personOf: (principal) => personOf(principal, { by: "unknown" }),
    run,
  });
  const own = { v: 1, kind: "gatebook", time: now, principal: PRINCIPAL };
  const messages = findings.map((finding) => ({
    ...own,
    uid: finding.event,
    type: "review.finding",
    resource: finding.principal,
    message: `${finding.rule.title}: ${finding.principal}`,
    findings: [finding],
  }));
  const completed = {
    ...own,
    uid: `${run}:completed`,
    type: "review.completed",
    message: `Reviewed the credentials of ${users.length} users: ${findings.length} findings`,
  };
  return [...messages, completed].map((message) => JSON.stringify(message));
}
