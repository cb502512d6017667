/**
 * GitLab's two ways to say who sends: a signing token (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944), and the older secret
 * token that travels with each webhook (https://docs.gitlab.com/user/project/integrations/webhooks/).
 */
import { KEY_PREFIX, verifyStandard } from "./standard-signature.ts";
import { AUTHENTIC, isSameText, missingHeader, refusal } from "./webhook-signature.ts";
import type { Authenticity, SignedRequest } from "./webhook-source.ts";

const TOKEN = "x-gitlab-token";

/**
 * Which of the two is asked for follows from the secret that is configured, never from what the sender offers. A signing token is made by
 * GitLab, as Standard Webhooks has it; whatever begins otherwise is a secret token.
 */
export async function verifyGitLab(request: SignedRequest, secret: string): Promise<Authenticity> {
  return secret.startsWith(KEY_PREFIX) ? verifyStandard(request, secret) : verifyToken(request, secret);
}

function verifyToken({ headers }: SignedRequest, secret: string): Authenticity {
  const token = headers[TOKEN];
  if (!token) return missingHeader(TOKEN);
  return isSameText(token, secret) ? AUTHENTIC : refusal(`The token in ${TOKEN} is not the configured secret.`);
}
