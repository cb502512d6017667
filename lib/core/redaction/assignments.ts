/** Secrets that free text assigns to a name: `KEY=value`, `"key": "value"`, headers, query parameters, connection strings. */
import { blockScalarAt } from "./block-scalar.ts";
import { isHarmlessInText } from "./harmless-value.ts";
import { kindOfName } from "./secret-name.ts";
import { MARKER_START, type SecretRange } from "./secret-range.ts";
import { readLine, readValue, type Span } from "./secret-value.ts";

const NAME_LENGTH_MAX = 64;
const SPACES_MAX = 4;
/** Quotes and the backslashes that three levels of JSON in JSON put before one, and a closing bracket. */
const CLOSERS_MAX = 9;

const SEPARATOR = /[=:]/g;
const NAME_CHARACTER = /[\w.-]/;
const CLOSER = /["'`\\\]]/;
const COMPOUND_OPERATOR = /[:?+|]/;
const GAP = /[=>~]{0,2}[ \t]{0,4}/y;
const OPENS_WITH_SPACE = /\s/;

/** What prose has behind a colon: "invalid token: must not be empty", and what permissions have: `token:read`. */
const PROSE =
  /(?:a|an|and|are|be|can|cannot|could|create|denied|delete|does|expired?|failed|field|flag|for|from|get|has|have|in|incorrect|invalid|is|it|list|missing|must|no|not|of|on|option|or|parameter|argument|policy|file|read|required|should|that|the|this|to|too|unknown|update|admin|was|will|with|write|wrong|you|your)[.,;!]?(?=\s|$)/iy;

/** How it authenticates is evidence, and stays. A closed list: an unknown word may be a secret with something behind it. */
const SCHEME =
  /(?:Basic|Bearer|Digest|Token|Negotiate|NTLM|OAuth|DPoP|Hawk|JWT|Api-?Key|GenieKey|SharedKey|SharedAccessSignature|AWS4-HMAC-SHA256|AWS)[ \t]{1,4}(?=\S)/iy;

/** Signed URLs: who holds the signature may fetch. Only behind `=`, since headers of these names carry digests. */
const URL_SIGNATURE = /^(?:x-amz-signature|x-goog-signature|signature|sig)$/i;

const REFERENCE_SECTION_HINT = /parameter-store|secrets-manager/;
const REFERENCE_SECTION =
  /^([ \t]{0,64})["']?(?:parameter-store|secrets-manager)["']?:[ \t]{0,8}(?:\r?\n\1[ \t]+[^\n]*)*/gm;

export function assignedSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  SEPARATOR.lastIndex = 0;
  // Goes on behind each value found, so that no character is read for two names.
  for (let next = SEPARATOR.exec(text); next !== null; next = SEPARATOR.exec(text)) {
    const at = next.index;
    const range = secretAt(text, at);
    if (range !== undefined) found.push(range);
    SEPARATOR.lastIndex = range?.end ?? at + 1;
  }
  const references = found.length === 0 ? [] : referenceSections(text);
  return found.filter(({ start }) => !references.some((section) => start > section.start && start < section.end));
}

/** Where a buildspec names the places that its secrets are kept in (https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html). */
function referenceSections(text: string): readonly Span[] {
  if (!REFERENCE_SECTION_HINT.test(text)) return [];
  return [...text.matchAll(REFERENCE_SECTION)].map(({ 0: section, index }) => ({
    start: index,
    end: index + section.length,
  }));
}

function secretAt(text: string, at: number): SecretRange | undefined {
  const name = nameBefore(text, at);
  // Of what is redacted already the kind stands there, which is no name.
  if (name === undefined || text.endsWith(MARKER_START, name.start)) return undefined;
  const kind = kindOfAssigned(name.text, text[at] ?? "");
  if (kind === undefined) return undefined;
  const isColon = text[at] === ":";
  // `arn:…:secret:shop/db`, `token://`: the name is a step on a path, not a key.
  if (isColon && (/[:/]/.test(text[name.start - 1] ?? "") || text.startsWith("//", at + 1))) return undefined;
  const valueAt = behindSeparator(text, at, isColon || name.isSpaced);
  const block = isColon ? blockScalarAt(text, valueAt, name.start) : undefined;
  const value = block ?? readAssigned(text, valueAt, kind, isColon);
  if (value === undefined) return undefined;
  PROSE.lastIndex = valueAt;
  const isProse = isColon && PROSE.test(text);
  return isProse || isHarmlessInText(text.slice(value.start, value.end)) ? undefined : { ...value, kind };
}

function kindOfAssigned(name: string, separator: string): string | undefined {
  if (separator === "=" && URL_SIGNATURE.test(name)) return "url-signature";
  return kindOfName(name);
}

interface Name {
  readonly text: string;
  readonly start: number;
  /** `name = value` rather than `name=value`. */
  readonly isSpaced: boolean;
}

function nameBefore(text: string, separator: number): Name | undefined {
  let end = separator;
  if (text[separator] === "=" && COMPOUND_OPERATOR.test(text[end - 1] ?? "")) end -= 1;
  const operator = end;
  end = stepBack(text, end, /[ \t]/, SPACES_MAX);
  const isSpaced = end < operator;
  end = stepBack(text, end, CLOSER, CLOSERS_MAX);
  const start = stepBack(text, end, NAME_CHARACTER, NAME_LENGTH_MAX);
  return start === end ? undefined : { text: text.slice(start, end), start, isSpaced };
}

function stepBack(text: string, from: number, over: RegExp, max: number): number {
  let at = from;
  while (at > 0 && from - at < max && over.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/** `PASSWORD= next` in a shell assigns nothing. */
function behindSeparator(text: string, separator: number, maySpace: boolean): number {
  if (!maySpace && OPENS_WITH_SPACE.test(text[separator + 1] ?? "")) return separator + 1;
  GAP.lastIndex = separator + 1;
  GAP.test(text);
  return GAP.lastIndex;
}

function readAssigned(text: string, at: number, kind: string, isColon: boolean): Span | undefined {
  if (kind !== "authorization" && !(kind === "cookie" && isColon)) return readValue(text, at);
  const line = readLine(text, at);
  if (line === undefined || kind === "cookie") return line;
  SCHEME.lastIndex = line.start;
  return SCHEME.test(text) && SCHEME.lastIndex < line.end ? { start: SCHEME.lastIndex, end: line.end } : line;
}
