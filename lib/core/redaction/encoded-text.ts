/** Secrets in text that is written in base64 (RFC 4648): user data, Kubernetes secrets, PowerShell's encoded commands. */
import { distinctMarks, type RedactedText, type SecretMark } from "./secret-range.ts";

/** In all of one text. What is longer is not looked into: it is a file, not a setting. */
const ENCODED_LENGTH_MAX = 512 * 1024;

/**
 * Text has no byte above 0x7f, at first at least, so every fourth character is one of the lower half of the alphabet: six in a row leave
 * 1 in 64 of what is not text. Starts only where a run starts, so each run is read once.
 */
const RUN = /(?<![\w+/=-])(?:[A-Za-f][\w+/-]{3}){6}[\w+/-]*={0,2}/g;
/**
 * Lines of one text, as `base64` and PEM wrap them; JSON in JSON writes the line's end as an escape. A line is not longer than 76, and where
 * its end is not found the pattern has 16 places to look at again.
 */
const WRAPPED = /(?<![\w+/=-])(?:[\w+/-]{60,76}(?:\r?\n|\\{1,7}n)[ \t]{0,64})+[\w+/-]{0,76}={0,2}/g;
const WRAP = /^([\w+/-]{60,76})(\s+|\\{1,7}n[ \t]*)/;
const LINE_ENDS = /\s+|\\{1,7}n/g;
const MARKS_URL_SAFE = /[-_]/;
/** What text does not hold: control characters, and what bytes that are not UTF-8 are read as. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters tell bytes from text
const NOT_TEXT = /[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]/;

/** The text with what `redactDecoded` takes out of its base64 parts, which are then encoded again: the rest of a script stays evidence. */
export function redactEncoded(whole: string, redactDecoded: (decoded: string) => RedactedText): RedactedText {
  const secrets: SecretMark[] = [];
  let budget = ENCODED_LENGTH_MAX;
  const rewrite = (run: string): string => {
    budget -= run.length;
    const decoded = budget < 0 ? undefined : decodeText(run);
    if (decoded === undefined) return run;
    const { text: rest, secrets: found } = redactDecoded(decoded.text);
    if (found.length === 0) return run;
    for (const mark of found) secrets.push(mark);
    return encode(rest, decoded.encoding, run);
  };
  const unwrapped = whole.replace(WRAPPED, (lines) => {
    const [, line = "", lineEnd = ""] = WRAP.exec(lines) ?? [];
    const last = lines.lastIndexOf(lineEnd) + lineEnd.length;
    // A last line that ends on its own may be followed by a word that is no part of it.
    for (const end of [lines.length, last]) {
      const run = lines.slice(0, end).replaceAll(LINE_ENDS, "");
      const rewritten = rewrite(run);
      if (rewritten !== run) {
        const rest = end === last ? lineEnd + lines.slice(end) : "";
        return wrap(rewritten, line.length, lineEnd) + rest;
      }
    }
    return lines;
  });
  const text = unwrapped.replace(RUN, rewrite);
  return { text, secrets: distinctMarks(secrets) };
}

function wrap(run: string, width: number, lineEnd: string): string {
  const lines: string[] = [];
  for (let at = 0; at < run.length; at += width) lines.push(run.slice(at, at + width));
  return lines.join(lineEnd);
}

export interface DecodedText {
  readonly text: string;
  readonly encoding: "utf8" | "utf16le";
}

/** The text that a run of base64 stands for, by either alphabet; undefined where it stands for bytes that are no text. */
export function decodeText(run: string): DecodedText | undefined {
  const bytes = Buffer.from(run, "base64");
  // The second byte of a Latin letter in UTF-16 is zero, which is in no other text.
  const encoding = bytes[1] === 0 ? "utf16le" : "utf8";
  const text = bytes.toString(encoding);
  return NOT_TEXT.test(text) ? undefined : { text, encoding };
}

function encode(text: string, encoding: DecodedText["encoding"], like: string): string {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(MARKS_URL_SAFE.test(like) ? "base64url" : "base64");
}
