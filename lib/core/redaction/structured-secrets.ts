/** Secrets with a structure of their own: JSON web tokens (RFC 7519), private keys in PEM (RFC 7468), passwords in URLs (RFC 3986). */
import { MARKER, type SecretRange } from "./secret-range.ts";

/** `{"` in base64: how the header of every token begins. */
const TOKEN_START = "eyJ";
const RUN = /[\w-]+/y;
/** Payload and signature; encrypted tokens have five parts. */
const OTHER_PARTS = /\.[\w-]{2,}\.[\w-]*(?:\.[\w-]+){0,2}/y;
/** A token may be glued to what stands before it; three places are enough to look at in one run. */
const TOKEN_STARTS_MAX = 3;

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const DASHES = "-----";
/** Base64 with its line ends, real or escaped. */
const KEY_BODY = /[A-Za-z0-9+/=\s\\]*/y;

/** No password holds a slash unescaped; an at sign it may, so the last one counts. A user that was a token is a marker, whose colons divide nothing. */
const USER_INFO = new RegExp(`://(?:(?!\\[redacted:)[^\\s:@/?#"'<>]|${MARKER}){0,256}:([^\\s/"'<>]{1,1024})@`, "g");
/** `docker-pullable://nginx:1.27@sha256:…` has a tag there. */
const DIGEST = /sha\d{3}:/y;

export function jsonWebTokens(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  let at = text.indexOf(TOKEN_START);
  while (at !== -1) {
    RUN.lastIndex = at;
    RUN.test(text);
    const headerEnd = RUN.lastIndex;
    OTHER_PARTS.lastIndex = headerEnd;
    const start = OTHER_PARTS.test(text) ? headerStart(text.slice(at, headerEnd)) : undefined;
    if (start !== undefined) found.push({ start: at + start, end: OTHER_PARTS.lastIndex, kind: "jwt" });
    // Behind the run, whatever was found: no run is read twice, however many places in it could begin a token.
    at = text.indexOf(TOKEN_START, start === undefined ? headerEnd : OTHER_PARTS.lastIndex);
  }
  return found;
}

function headerStart(run: string): number | undefined {
  let at = 0;
  for (let tries = 0; at !== -1 && tries < TOKEN_STARTS_MAX; tries += 1) {
    if (isTokenHeader(run.slice(at))) return at;
    at = run.indexOf(TOKEN_START, at + 1);
  }
  return undefined;
}

/** Not parsed: a thousand things that only begin like a header would be a thousand exceptions. */
function isTokenHeader(encoded: string): boolean {
  const header = Buffer.from(encoded, "base64url").toString("latin1");
  return header.startsWith("{") && header.includes('"alg"');
}

export function privateKeys(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  KEY_BEGIN.lastIndex = 0;
  for (let begin = KEY_BEGIN.exec(text); begin !== null; begin = KEY_BEGIN.exec(text)) {
    const end = endOfKey(text, begin.index + begin[0].length);
    found.push({ start: begin.index, end, kind: "private-key" });
    KEY_BEGIN.lastIndex = end;
  }
  return found;
}

/** A key cut short ends with its base64. The dashes are looked for by hand: a pattern would have to keep a way back for each character. */
function endOfKey(text: string, from: number): number {
  const dashes = text.indexOf(DASHES, from);
  KEY_END.lastIndex = dashes;
  if (dashes !== -1 && KEY_END.test(text)) return KEY_END.lastIndex;
  KEY_BODY.lastIndex = from;
  KEY_BODY.test(text);
  return KEY_BODY.lastIndex;
}

export function urlPasswords(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const { 0: userInfo, 1: password = "", index } of text.matchAll(USER_INFO)) {
    const at = index + userInfo.length - 1;
    DIGEST.lastIndex = at + 1;
    const isReference = /^\$\{[^{}]*\}$/.test(password) || DIGEST.test(text);
    if (!isReference) found.push({ start: at - password.length, end: at, kind: "url-password" });
  }
  return found;
}
