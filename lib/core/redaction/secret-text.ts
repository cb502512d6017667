/** The secret itself out of what it is written as, so that two uses of one secret are seen to be the same. */
import { decodeText } from "./encoded-text.ts";
import type { SecretRule } from "./secret-range.ts";
import { jsonWebTokens, privateKeys, urlPasswords } from "./structured-secrets.ts";
import { prefixedTokens } from "./token-shapes.ts";

/** Base64 of percent-encoded JSON in JSON: more than any event has. */
const ROUNDS_MAX = 4;

/** Takes a whole run of backslashes at once, however many levels of JSON in JSON have doubled them: linear. */
const ESCAPE = /\\+(u00[0-7][0-9a-f]|[nrt])?/gi;
const PERCENT_ENCODED = /(?:%[0-9a-f]{2})+/gi;
const QUOTES = /^["'`]{1,8}|["'`]{1,8}$/g;
/** What stands before a secret in the same word or value: a scheme of authorization, the flag of MySQL's clients. */
const PREFIX = /^(?:(?:Basic|Bearer|Token|OAuth|DPoP|JWT|Api-?Key)\s(?=\S)|-p(?=\S))/i;

const BASE64 = /^[\w+/-]{8,}={0,2}$/;
/** Of Basic authorization (RFC 7617) and of Docker's configuration: the secret stands behind the user's name. */
const USER_AND_PASSWORD = /^[^\s:]{1,128}:(?=[^\s:]{4,128}$)/;

/** Known wherever they stand, so that what is around them in a range does not count. */
const KNOWN: readonly SecretRule[] = [privateKeys, jsonWebTokens, prefixedTokens, urlPasswords];
const PRIVATE_KEY = "private-key";
/** Line ends, indentation and a diff's plus signs are written in many ways; letters and digits are not. */
const NO_LETTER = /[^A-Za-z0-9]+/g;

/** What any way of writing a secret has in common: without quotes, escapes, base64, a scheme before it or text around it. Linear in time. */
export function secretText(written: string): string {
  let text = written;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const plain = unescaped(text);
    const known = knownIn(plain);
    if (known !== undefined) return known;
    const next = unencoded(plain);
    if (next === text) break;
    text = next;
  }
  return text === "" ? written : text;
}

function unescaped(text: string): string {
  const read = text.replace(ESCAPE, (_, sign?: string) => {
    if (sign === undefined) return "";
    return sign.length === 1 ? " " : String.fromCharCode(Number.parseInt(sign.slice(-2), 16));
  });
  const decoded = read.replace(PERCENT_ENCODED, decodePercent);
  return decoded.replace(/\s+/g, " ").trim().replace(QUOTES, "").replace(PREFIX, "");
}

function decodePercent(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function unencoded(text: string): string {
  const run = text.replaceAll(" ", "");
  const decoded = BASE64.test(run) && isWholeBase64(run) ? decodeText(run)?.text : undefined;
  return decoded === undefined ? text : decoded.replace(USER_AND_PASSWORD, "");
}

/** Two texts must not become one: what decoding would drop is no base64. */
function isWholeBase64(run: string): boolean {
  const standard = run.replaceAll("-", "+").replaceAll("_", "/");
  const again = Buffer.from(run, "base64").toString("base64");
  return again === standard || again.replaceAll("=", "") === standard;
}

function knownIn(text: string): string | undefined {
  const found = KNOWN.flatMap((rule) => rule(text)).map(({ start, end, kind }) => {
    const secret = text.slice(start, end);
    return kind === PRIVATE_KEY ? secret.replace(NO_LETTER, "") : secret;
  });
  return found.length === 0 ? undefined : [...new Set(found)].join("\n");
}
