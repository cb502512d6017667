/** Senders that sign nothing and send the secret itself: it says who sends, and nothing of the body. */
import { AUTHENTIC, isSameText, refusal } from "./webhook-signature.ts";
import type { Authenticity, SignedRequest } from "./webhook-source.ts";

/** No source may keep it. */
const AUTHORIZATION = "authorization";
const USER_NAME = "gatebook";

/** https://www.rfc-editor.org/rfc/rfc7617, with the secret as the password of a user called `gatebook`. */
export function verifyBasic({ headers }: SignedRequest, secret: string): Authenticity {
  const given = headers[AUTHORIZATION];
  if (!given) {
    return refusal(
      `The header ${AUTHORIZATION} is missing. Enter the user name ${USER_NAME} and the secret as password.`,
    );
  }
  const expected = `Basic ${Buffer.from(`${USER_NAME}:${secret}`).toString("base64")}`;
  return isSameText(given, expected)
    ? AUTHENTIC
    : refusal(`The authorization is not that of user name ${USER_NAME} with the configured secret as password.`);
}

/** https://www.rfc-editor.org/rfc/rfc6750 */
export function verifyBearer({ headers }: SignedRequest, secret: string): Authenticity {
  const given = headers[AUTHORIZATION];
  if (!given) return refusal(`The header ${AUTHORIZATION} is missing. Have the sender send Bearer and the secret.`);
  return isSameText(given, `Bearer ${secret}`)
    ? AUTHENTIC
    : refusal("The authorization is not Bearer with the configured secret.");
}
