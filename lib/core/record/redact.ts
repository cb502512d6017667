/** Takes secrets out of what is about to become evidence: nothing can be taken out of it again. */
import { isClean } from "../redaction/is-clean.ts";
import { redactLooks } from "../redaction/redact-looks.ts";
import { type Redaction, redactTree } from "../redaction/redact-tree.ts";
import { distinctMarks, type Fingerprint, type RedactedText } from "../redaction/secret-range.ts";
import { needsPreset, redactByPreset } from "../redaction/secretlint-preset.ts";

/** What is taken out can uncover the beginning of another secret, hardly ever twice. */
const ROUNDS_MAX = 3;

export interface Redacted {
  readonly value: unknown;
  readonly redactions: readonly Redaction[];
}

/**
 * A JSON value without its secrets: a copy, or the value itself where it holds none; it is left alone. A secret becomes
 * `[redacted:<kind>:<fingerprint>]`, or `[redacted:<kind>]` where no key for fingerprints is at hand, and what stands around it in the same
 * string stays. Secrets are found by the name of their field and by their look; `redactions` says where, by JSON pointer. To redact what is
 * redacted changes nothing.
 *
 * @example
 * const { value } = await redact({ password: "hunter2", command: "login -u ana -p hunter2 -v" }, fingerprinter(key));
 * // { password: "[redacted:password:0c31d2f86ab4]", command: "login -u ana -p [redacted:password:0c31d2f86ab4] -v" }
 */
export async function redact(value: unknown, fingerprint?: Fingerprint): Promise<Redacted> {
  if (isClean(value)) return { value, redactions: [] };
  const { root, redactions, unsure } = redactTree(value, fingerprint);
  if (unsure.length === 0) return { value: root.value, redactions };
  const texts = unsure.map(({ text }) => text);
  const rest = await redactUnsure(texts, fingerprint);
  const more = unsure.flatMap((place, index) => {
    const { text, secrets } = rest[index] ?? { text: place.text, secrets: [] };
    if (secrets.length > 0) place.replace(text);
    return secrets.map((mark) => ({ path: place.path(), ...mark }));
  });
  return { value: root.value, redactions: [...redactions, ...more] };
}

/** The same for text of any form, and without fingerprints: excerpts of messages that could not be read. */
export async function redactText(text: string): Promise<RedactedText> {
  const own = redactLooks(text);
  const [rest = own] = await redactUnsure([own.text]);
  return { text: rest.text, secrets: distinctMarks([...own.secrets, ...rest.secrets]) };
}

/** One run of the preset for all; another only where it took something out and what is left reads like a secret again. */
async function redactUnsure(texts: readonly string[], fingerprint?: Fingerprint): Promise<readonly RedactedText[]> {
  let rest: readonly RedactedText[] = texts.map((text) => ({ text, secrets: [] }));
  for (let round = 0; round < ROUNDS_MAX && rest.some(({ text }) => needsPreset(text)); round += 1) {
    const before = rest;
    const left = before.map(({ text }) => text);
    const cuts = await redactByPreset(left, fingerprint);
    if (cuts.every(({ secrets }) => secrets.length === 0)) break;
    rest = cuts.map((cut, index) => {
      const own = redactLooks(cut.text, fingerprint);
      const earlier = before[index]?.secrets ?? [];
      return { text: own.text, secrets: distinctMarks([...earlier, ...cut.secrets, ...own.secrets]) };
    });
  }
  return rest;
}
