/** Which names say that their value is a secret, whatever it looks like: `DB_PASSWORD`, `secretAccessKey`, `x-api-key`. */
import { MARKER_START } from "./secret-range.ts";

/** The end of a name tells what it names (`secretArn` is an ARN), so the end is all that is looked at. */
const NAME_LENGTH_MAX = 80;

/** What every secret name contains: most names are done with after this. */
const HINT = /pass|pwd|secret|token|key|auth|cook|cred|assertion|saml|code|otp|jwt|seed|png/i;

/** Compared with names in lower case without separators. */
const KINDS = new Map([
  ["password", "password"],
  ["passwords", "password"],
  ["passwd", "password"],
  ["passphrase", "password"],
  ["passwordhash", "password"],
  ["secretaccesskey", "aws-secret-access-key"],
  ["accesskeysecret", "aws-secret-access-key"],
  ["sharedaccesskey", "shared-access-key"],
  ["accesskey", "access-key"],
  ["accountkey", "account-key"],
  ["storagekey", "account-key"],
  ["sharedkey", "shared-key"],
  ["subscriptionkey", "api-key"],
  ["privatekey", "private-key"],
  ["keymaterial", "private-key"],
  ["secretkey", "secret-key"],
  ["apikey", "api-key"],
  ["appkey", "api-key"],
  ["authkey", "api-key"],
  ["sessiontoken", "session-token"],
  ["securitytoken", "session-token"],
  ["accesstoken", "access-token"],
  ["refreshtoken", "refresh-token"],
  ["token", "token"],
  ["tokencode", "one-time-code"],
  ["authenticationcode", "one-time-code"],
  ["authorizationcode", "one-time-code"],
  ["devicecode", "one-time-code"],
  ["base32stringseed", "one-time-code"],
  ["qrcodepng", "one-time-code"],
  ["clientsecret", "client-secret"],
  ["secret", "secret"],
  ["authorization", "authorization"],
  ["setcookie", "cookie"],
  ["cookie", "cookie"],
  ["cookies", "cookie"],
  ["credentials", "credentials"],
  ["samlassertion", "assertion"],
  ["samlresponse", "assertion"],
]);

/** What people add behind the noun without changing what it is: `SecretString`, `API_KEY_PROD`, `password2`. */
const ADDITIONS =
  "value|string|binary|text|plain|raw|data|body|pem|base64|b64|encoded|production|prod|staging|stage|dev|test|qa|live|old|new|current|primary|secondary|backup|default|[0-9]{1,4}";
const TAIL = new RegExp(`(${[...KINDS.keys()].join("|")})(?:${ADDITIONS}){0,3}$`);

/** Page marks, idempotency keys, digests of tokens, and the subject that a web identity token names: who, not a secret. */
const NO_SECRET =
  /(?:next|nextforward|nextbackward|previous|continuation|pagination|paging|page|idempotency|clientrequest|client|hashed|subjectfromwebidentity)token$/;

/** Too short to be looked for inside a word (`bypass`): only whole words, as in `DB_PASS` and `smtpPass`. */
const SHORT_KINDS = new Map([
  ["pass", "password"],
  ["pwd", "password"],
  ["otp", "one-time-code"],
  ["jwt", "jwt"],
]);
const SHORT_WORD = /(?:^|[^a-zA-Z])(pass|pwd|otp|jwt)[^a-zA-Z]{0,4}$/i;
const SHORT_CAMEL = /[a-z0-9](Pass|Pwd|Otp|Jwt)[^a-zA-Z]{0,4}$/;

/** Shells keep the working directory there. */
const WORKING_DIRECTORY = /^(?:OLD)?PWD$/;

/** Members of a credentials object that identify, describe or date it. */
const DESCRIPTION =
  /(?:id|ids|arn|name|type|kind|provider|expiration|expiry|expires|expires_?(?:at|in|on)|date|time|_at|_on|url|uri|status|state|user|login|email|version|scopes?|region|account|method|server|host|endpoint|source|fingerprint|label|description)$/i;

/** The kind of secret that a field, variable, flag or header of this name holds; undefined where it holds none. */
export function kindOfName(name: string): string | undefined {
  if (name.length < 3 || !HINT.test(name)) return undefined;
  // A name that held a secret itself says something else now than it did.
  if (name.includes(MARKER_START)) return undefined;
  const end = name.slice(-NAME_LENGTH_MAX);
  const compact = end.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (NO_SECRET.test(compact)) return undefined;
  const tail = TAIL.exec(compact)?.[1];
  if (tail !== undefined) return KINDS.get(tail);
  const short = WORKING_DIRECTORY.test(end) ? undefined : (SHORT_WORD.exec(end) ?? SHORT_CAMEL.exec(end))?.[1];
  return short && SHORT_KINDS.get(short.toLowerCase());
}

/** The kind of a string directly inside a credentials object, whose members are secret unless they describe it. */
export function kindOfCredentialMember(name: string): string | undefined {
  return kindOfName(name) ?? (DESCRIPTION.test(name) ? undefined : "credentials");
}
