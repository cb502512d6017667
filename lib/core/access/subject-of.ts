/**
 * Whom an identity provider vouched for, from the principal that CloudTrail writes of them: `WebIdentityUser:<provider>:<audience>:<subject>`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */

// An issuer's path has no colon. An audience has none either, or is a URL, maybe with a port; it is one that the account has registered, never the job's choice.
const WEB_IDENTITY =
  /^WebIdentityUser:arn:[^:]+:iam::\d*:oidc-provider\/[^:]+:(?:https?:\/\/[^:]*(?::\d+)?|[^:]*):(?<subject>.+)$/s;

/** @example subjectOf("WebIdentityUser:arn:aws:iam::111122223333:oidc-provider/gitlab.com:https://gitlab.com:project_path:acme/shop:ref_type:branch:ref:main") // "project_path:acme/shop:ref_type:branch:ref:main" */
export function subjectOf(principal: string): string | undefined {
  return WEB_IDENTITY.exec(principal)?.groups?.["subject"];
}
