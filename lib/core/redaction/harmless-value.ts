/** Values under a secret's name that are no secret: placeholders, references to where the secret is kept, identifiers. */
import { isRedacted } from "./secret-range.ts";

/** Longer values are never placeholders; it also keeps the tests below short. */
const HARMLESS_LENGTH_MAX = 512;

const HARMLESS = [
  /^\s*$/,
  /^(?:\*+|[xX]{3,}|\.{3}|-+)$/,
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|enabled|disabled|required|optional|n\/a|aws_iam)$/i,
  // CloudTrail writes the first and second, GitHub and log scrubbers the others.
  /^HIDDEN_DUE_TO_SECURITY_REASONS$/,
  /^<[\w .:-]{1,64}>$/,
  /^[[(](?:redacted|filtered|masked|hidden|removed|omitted|sensitive|secure)(?: value)?[\])]$/i,
  // Key ids link a session to its calls: identifiers, and worthless without their secret.
  /^(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)[A-Z0-9]{12,40}$/,
  /^arn:aws[a-z-]{0,16}:[a-z0-9-]{1,40}:[a-z0-9-]{0,32}:\d{0,12}:\S+$/,
  // `${{ secrets.X }}`, `${DB_PASSWORD}`, `{{resolve:secretsmanager:…}}`, `%TOKEN%`.
  /^\$\{[^{}]+\}$/,
  /^\$?\{\{[^{}]+\}\}$/,
  /^%[A-Z_][A-Z0-9_]*%$/,
];

/** A shell puts the secret there when the command runs. Lower case is not taken for a variable: `$ecret` is a password. */
const SHELL_REFERENCE = /^\$(?:[A-Z_][A-Z0-9_]*$|\([a-z])/;

/** Code that says where the secret comes from. Each step begins with a sign that no name has, so none is read twice. */
const CODE_REFERENCE =
  /^(?:await|new|(?:var|local|data|module|secrets|env|vars|inputs|steps|self|this|config|settings|params|props|options|args|process\.env|import\.meta\.env|os\.environ|os\.getenv|os\.Getenv|System\.getenv|ENV)(?:(?:\.|[[(]\\{0,3}["']?)[A-Za-z_]\w{0,63}(?:\\{0,3}["']?[\])])?){1,8})$/;

export function isHarmless(value: string): boolean {
  if (isRedacted(value)) return true;
  return value.length <= HARMLESS_LENGTH_MAX && HARMLESS.some((pattern) => pattern.test(value));
}

/** In free text, which may be a shell's or a program's. */
export function isHarmlessInText(value: string): boolean {
  if (isHarmless(value)) return true;
  return value.length <= HARMLESS_LENGTH_MAX && (SHELL_REFERENCE.test(value) || CODE_REFERENCE.test(value));
}
