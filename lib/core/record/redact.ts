/** Takes secrets out of what is about to become evidence: nothing can be taken out of it again. */
import { isClean } from "../redaction/is-clean.ts";
import { redactLooks } from "../redaction/redact-looks.ts";
import { type Redaction, redactTree } from "../redaction/redact-tree.ts";
import type { RedactedText } from "../redaction/secret-range.ts";
import { needsPreset, redactByPreset } from "../redaction/secretlint-preset.ts";

/** What is taken out can uncover the beginning of another secret, hardly ever twice. */
const ROUNDS_MAX = 3;

export interface Redacted {
  readonly value: unknown;
  readonly redactions: readonly Redaction[];
}

/**
 * A JSON value without its secrets: a copy, or the value itself where it holds none; it is left alone. A secret becomes `[redacted:<kind>]`,
 * and what stands around it in the same string stays. Secrets are found by the name of their field and by their look; `redactions` says
 * where, by JSON pointer. To redact what is redacted changes nothing.
 *
 * @example
 * const { value } = await redact({ password: "hunter2", command: "deploy --token 8f3c --verbose" });
 * // { password: "[redacted:password]", command: "deploy --token [redacted:token] --verbose" }
 */
export async function redact(value: unknown): Promise<Redacted> {
  if (isClean(value)) return { value, redactions: [] };
  const { root, redactions, unsure } = redactTree(value);
  if (unsure.length === 0) return { value: root.value, redactions };
  const rest = await redactUnsure(unsure.map(({ text }) => text));
  const more = unsure.flatMap((place, index) => {
    const { text, kinds } = rest[index] ?? { text: place.text, kinds: [] };
    if (kinds.length > 0) place.replace(text);
    return kinds.map((kind) => ({ path: place.path(), kind }));
  });
  return { value: root.value, redactions: [...redactions, ...more] };
}

/** The same for text of any form: excerpts of messages that could not be read. */
export async function redactText(text: string): Promise<RedactedText> {
  const own = redactLooks(text);
  const [rest = own] = await redactUnsure([own.text]);
  return { text: rest.text, kinds: [...new Set([...own.kinds, ...rest.kinds])] };
}

/** One run of the preset for all; another only where it took something out and what is left reads like a secret again. */
async function redactUnsure(texts: readonly string[]): Promise<readonly RedactedText[]> {
  let rest: readonly RedactedText[] = texts.map((text) => ({ text, kinds: [] }));
  for (let round = 0; round < ROUNDS_MAX && rest.some(({ text }) => needsPreset(text)); round += 1) {
    const cuts = await redactByPreset(rest.map(({ text }) => text));
    if (cuts.every(({ kinds }) => kinds.length === 0)) break;
    rest = cuts.map((cut, index) => {
      const own = redactLooks(cut.text);
      return { text: own.text, kinds: [...new Set([...(rest[index]?.kinds ?? []), ...cut.kinds, ...own.kinds])] };
    });
  }
  return rest;
}
