/**
 * GitLab's two ways to say who sends: a signing token (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944), and the older secret
 * token that travels with each webhook (https://docs.gitlab.com/user/project/integrations/webhooks/).
 */
import {
  AUTHENTIC,
  hmac,
  isRecent,
  isSameText,
  missingHeader,
  notRecent,
  refusal,
  wrongSignature,
} from "./webhook-signature.ts";
import type { Authenticity, SignedRequest } from "./webhook-source.ts";

/** A signing token is made by GitLab: this, and the key of 32 bytes in base64. Whatever begins otherwise is a secret token. */
const SIGNING_TOKEN = "whsec_";
const TOKEN = "x-gitlab-token";
const SIGNATURE = "webhook-signature";
const TIME = "webhook-timestamp";
const ID = "webhook-id";

/** Which of the two is asked for follows from the secret that is configured, never from what the sender offers. */
export async function verifyGitLab(request: SignedRequest, secret: string): Promise<Authenticity> {
  return secret.startsWith(SIGNING_TOKEN) ? verifySigned(request, secret) : verifyToken(request, secret);
}

function verifyToken({ headers }: SignedRequest, secret: string): Authenticity {
  const token = headers[TOKEN];
  if (!token) return missingHeader(TOKEN);
  return isSameText(token, secret) ? AUTHENTIC : refusal(`The token in ${TOKEN} is not the configured secret.`);
}

/** `v1,<base64>` of HMAC-SHA256 over `<id>.<time>.<body>`; several, with spaces between, while GitLab changes its token. */
function verifySigned(request: SignedRequest, secret: string): Authenticity {
  const { headers, body } = request;
  const [signatures, time, id] = [headers[SIGNATURE], headers[TIME], headers[ID]];
  if (!signatures) return missingHeader(SIGNATURE);
  if (!time) return missingHeader(TIME);
  if (!id) return missingHeader(ID);
  if (!isRecent(time, request)) return notRecent(TIME);
  const key = Buffer.from(secret.slice(SIGNING_TOKEN.length), "base64");
  if (key.length === 0) return refusal("The configured signing token holds no key. Store it as GitLab shows it.");
  const expected = `v1,${hmac({ algorithm: "sha256", key, parts: [`${id}.${time}.`, body] }, "base64")}`;
  const isAuthentic = signatures.split(" ").some((signature) => isSameText(signature, expected));
  return isAuthentic ? AUTHENTIC : wrongSignature(SIGNATURE);
}
