/** How an access was granted, as a sentence for people. */
import type { Granted } from "./granted.ts";

const WAYS: Readonly<Record<Granted["by"], string>> = {
  console: "signed in to the console",
  "access-key": "with a long-lived access key",
  "assumed-role": "with a role's temporary credentials",
  federation: "through an identity provider",
  "identity-center": "through IAM Identity Center",
  root: "as the account's root user",
  service: "by an AWS service for itself",
  token: "with a token or session of the source system",
  unknown: "in a way that the source does not tell",
};

/** @example "with a role's temporary credentials, ana → arn:aws:iam::1:role/admin, without MFA, from 203.0.113.7" */
export function describeGranted({ by, chain, provider, subject, mfa, sourceAddress }: Granted): string {
  const parts = [
    WAYS[by],
    provider && `vouched for by ${provider}`,
    subject && `for ${subject}`,
    chain && chain.length > 0 && chain.join(" → "),
    describeMfa(mfa),
    sourceAddress && `from ${sourceAddress}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function describeMfa(mfa: boolean | undefined): string {
  if (mfa === undefined) return "MFA not told by the source";
  return mfa ? "with MFA" : "without MFA";
}
