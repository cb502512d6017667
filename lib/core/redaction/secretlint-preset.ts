/** The secrets of many issuers that secretlint's recommended preset knows (https://github.com/secretlint/secretlint), run without its engine. */
import { creator as preset } from "@secretlint/secretlint-rule-preset-recommend";
import { cutOut, type Fingerprint, MARKER_START, type RedactedText, type SecretRange } from "./secret-range.ts";

type Rule = (typeof preset.rules)[number];
type Context = Parameters<Rule["create"]>[0];
type Source = Parameters<NonNullable<ReturnType<Rule["create"]>["file"]>>[0];

/**
 * What the preset's rules begin with, for those that have no counterpart among our own: those have run before and left nothing.
 * A text with none of them is not shown to the preset, which costs as much as the rest of the record path.
 */
const UNDERSCORED =
  /gsk_|hf_[a-zA-Z]|lin_api_|ntn_\d|shp(?:pa|ca|at|ss)_|glc_|glsa_|ops_ey|ghs_\d|vc[piark]_|dckr_pat_|figd_|cf(?:k|ut|at)_/;
const OTHERS = /hooks\.slack\.com|x-oauth-basic|dapi[A-Fa-f0-9]{8}|tskey-/;

/** Lets whoever writes `secretlint-disable` into a user agent keep secrets in the evidence. */
const FILTER_COMMENTS = "@secretlint/secretlint-rule-filter-comments";
const RULES = preset.rules.filter(({ meta }) => meta.id !== FILTER_COMMENTS);
const RULE_PREFIX = /^@secretlint\/secretlint-rule-/;

/** No rule's pattern goes across it: most stop at a line's end, those that take white space stop at the zero. */
const BETWEEN = "\n\0\n";

export function needsPreset(text: string): boolean {
  return (text.includes("_") && UNDERSCORED.test(text)) || OTHERS.test(text);
}

/** Each of the texts without what the preset finds, in one run of the preset over all. */
export async function redactByPreset(
  texts: readonly string[],
  fingerprint?: Fingerprint,
): Promise<readonly RedactedText[]> {
  const joined = BETWEEN + texts.join(BETWEEN) + BETWEEN;
  const found = await lint(joined);
  let start = BETWEEN.length;
  let next = 0;
  return texts.map((text) => {
    const end = start + text.length;
    const ranges: SecretRange[] = [];
    for (let range = found[next]; range !== undefined && range.start < end; range = found[++next]) {
      const inText = {
        start: Math.max(range.start - start, 0),
        end: Math.min(range.end, end) - start,
        kind: range.kind,
      };
      // What still holds something is a whole connection string, whose password one of our own rules has taken out.
      if (!text.slice(inText.start, inText.end).includes(MARKER_START)) ranges.push(inText);
    }
    start = end + BETWEEN.length;
    return cutOut(text, ranges, fingerprint);
  });
}

/**
 * What `lintSource` of @secretlint/core does, less three things that a long-lived function does not survive: its profiler keeps some 11 KB
 * of each call for ever, it compares each finding with each other, and it obeys comments in the text.
 */
async function lint(content: string): Promise<SecretRange[]> {
  const found: SecretRange[] = [];
  const source = sourceOf(content);
  for (const rule of RULES) {
    const kind = rule.meta.id.replace(RULE_PREFIX, "");
    const context: Context = {
      sharedOptions: {},
      createTranslator: () => (messageId) => ({ message: "", messageId: String(messageId), data: {} }),
      report: ({ range: [start, end] }) => void found.push({ start, end, kind }),
      ignore: () => {},
    };
    await rule.create(context, {}).file?.(source);
  }
  return found.sort((a, b) => a.start - b.start);
}

function sourceOf(content: string): Source {
  return {
    content,
    contentType: "text",
    ext: "",
    hasBOM: false,
    filePath: undefined,
    physicalFilePath: undefined,
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: hasNoLines,
    rangeToLocation: hasNoLines,
    positionToIndex: hasNoLines,
    indexToPosition: hasNoLines,
  };
}

/** Only the comment filter asks for lines; a rule that began to would be noticed here rather than answered wrongly. */
function hasNoLines(): never {
  throw new Error("a secretlint rule asked for lines and columns: give it secretlint's own source code object");
}
