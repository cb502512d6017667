/** Secrets that a text shows by its look, whatever field it stands in: a cheap look first, the rules where it sees something. */
import { assignedSecrets } from "./assignments.ts";
import { flaggedSecrets, shortFlagSecrets } from "./command-flags.ts";
import { redactEncoded } from "./encoded-text.ts";
import { hasEscapes, inEscaped } from "./escaped-text.ts";
import { isKubernetesSecret, kubernetesSecrets } from "./kubernetes-secrets.ts";
import { pairedSecrets } from "./name-value-pairs.ts";
import {
  cutOut,
  distinctMarks,
  type Fingerprint,
  type RedactedText,
  type SecretMark,
  type SecretRange,
  type SecretRule,
} from "./secret-range.ts";
import { spokenSecrets } from "./spoken-names.ts";
import { jsonWebTokens, privateKeys, urlPasswords } from "./structured-secrets.ts";
import { authorizations, prefixedTokens } from "./token-shapes.ts";

/** Nothing shorter holds a name, a separator and a secret. */
const LENGTH_MIN = 6;
const ENCODED_LENGTH_MIN = 24;

/** What issuers begin their tokens with. */
const PREFIX =
  /eyJ|-----BEGIN|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox[a-z]-|xapp-|[rs]k_(?:live|test)_|whsec_|npm_|dckr_|hf_|shp(?:pa|ca|at|ss)_|figd_|lin_api_|glsa_|AIza|ya29\.|GOCSPX-|SG\.|pypi-|hv[sbr]\.|\.atlasv1\.|AGE-SECRET|sk-|b3JpZ2lu|ZXIvYXdz|:\/\/[^\s/@]{0,1300}@|[ "']-[pPuaw]/;
/** An access key id with its secret behind it. By itself, since together with the others it makes all of them slow. */
const KEY_PAIR = /A[KS]IA[A-Z0-9]{16}["',:;\s]/;
const KEY_PAIR_LENGTH_MIN = 61;
/** What the names of secrets contain, with what has to follow for a value to follow: a sign, or white space behind a flag. */
const NAMED =
  /(?:pass|pwd|secret|token|auth|cookie|credential|(?:access|account|api|app|private|shared|storage|subscription)[ _.-]?key|key.?material|device.?code|seed|qrcode|saml|signature|sig|otp|jwt|bearer|basic|identified|securestring)[\w.-]{0,40}(?:["'`\\\]]{0,9}\s{0,4}[=:>,?+|]|["']?\s)|(?:name|key)["'\\]{0,5}\s{0,4}[:=]|password-stdin/i;
const ENCODED = /(?<![\w+/=-])(?:[A-Za-f][\w+/-]{3}){6}/;

const RULES_OF_PREFIXES: readonly SecretRule[] = [
  privateKeys,
  jsonWebTokens,
  prefixedTokens,
  urlPasswords,
  shortFlagSecrets,
];
const RULES_OF_NAMES: readonly SecretRule[] = [
  assignedSecrets,
  authorizations,
  pairedSecrets,
  flaggedSecrets,
  spokenSecrets,
];

/** What one pass takes out can uncover the beginning of another secret (`x` + token: a word; `]` + token: a token). */
const PASSES_MAX = 4;

export function redactLooks(text: string, fingerprint?: Fingerprint): RedactedText {
  if (text.length < LENGTH_MIN) return { text, secrets: [] };
  const plain = redactPlain(text, fingerprint);
  if (text.length < ENCODED_LENGTH_MIN || !ENCODED.test(plain.text)) return plain;
  const encoded = redactEncoded(plain.text, (decoded) => redactPlain(decoded, fingerprint));
  if (encoded.secrets.length === 0) return plain;
  return { text: encoded.text, secrets: distinctMarks([...plain.secrets, ...encoded.secrets]) };
}

function redactPlain(text: string, fingerprint?: Fingerprint): RedactedText {
  const secrets: SecretMark[] = [];
  let rest = text;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const ranges = secretsIn(rest);
    if (ranges.length === 0) break;
    const cut = cutOut(rest, ranges, fingerprint);
    if (cut.secrets.length === 0) break;
    for (const mark of cut.secrets) secrets.push(mark);
    rest = cut.text;
  }
  return { text: rest, secrets: distinctMarks(secrets) };
}

function secretsIn(text: string): readonly SecretRange[] {
  const plain = plainSecretsIn(text);
  return hasEscapes(text) ? plain.concat(inEscaped(text, plainSecretsIn)) : plain;
}

function plainSecretsIn(text: string): readonly SecretRange[] {
  const hasPrefix = PREFIX.test(text) || (text.length >= KEY_PAIR_LENGTH_MIN && KEY_PAIR.test(text));
  const byPrefix = hasPrefix ? RULES_OF_PREFIXES.flatMap((rule) => rule(text)) : [];
  const byName = NAMED.test(text) ? RULES_OF_NAMES.flatMap((rule) => rule(text)) : [];
  const inManifest = isKubernetesSecret(text) ? kubernetesSecrets(text) : [];
  return [...byPrefix, ...byName, ...inManifest];
}
