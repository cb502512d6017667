/** Secrets that are known by their shape: the prefixes that issuers give their tokens so that scanners find them. */
import type { SecretRange } from "./secret-range.ts";

interface TokenShape {
  readonly kind: string;
  /** The first group, where there is one, is the secret. Bounded, or a run that is consumed once: linear. */
  readonly pattern: RegExp;
  /** Stands in every such token: where the pattern does not begin with a literal, this is much faster to look for. */
  readonly hint?: RegExp;
  readonly isToken?: (found: string) => boolean;
}

const PREFIXED: readonly TokenShape[] = [
  // A GitHub app's newer tokens hold a JWT, which has a rule of its own.
  { kind: "github-token", pattern: /gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}/g },
  { kind: "gitlab-token", pattern: /gl(?:pat|oas|dt|rt|cbt|ptt|ft|soat|imt|agent|ffct)-[\w.-]{20,300}/g },
  { kind: "slack-token", pattern: /(?:xox[abcdeoprs]|xapp)-[A-Za-z0-9-]{10,400}/g, isToken: hasDigit },
  { kind: "stripe-key", pattern: /[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/]{24,255}={0,2}/g },
  { kind: "npm-token", pattern: /npm_[A-Za-z0-9]{36}/g },
  { kind: "google-api-key", pattern: /AIza[\w-]{35}/g },
  { kind: "google-oauth-token", pattern: /ya29\.[\w-]{20,1000}|GOCSPX-[\w-]{20,60}/g },
  { kind: "sendgrid-key", pattern: /(?<![A-Za-z0-9])SG\.[\w-]{16,64}\.[\w-]{16,128}/g },
  { kind: "pypi-token", pattern: /pypi-[\w-]{50,1000}/g },
  { kind: "vault-token", pattern: /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{24,400}/g },
  { kind: "terraform-token", hint: /\.atlasv1\./, pattern: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,200}/g },
  { kind: "age-key", pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/g },
  // The preset knows these too, but does not see into base64 nor the names of members.
  { kind: "docker", pattern: /dckr_pat_[\w-]{27}/g },
  { kind: "huggingface", pattern: /hf_[A-Za-z]{34}/g },
  { kind: "shopify", pattern: /shp(?:pa|ca|at|ss)_[A-Fa-f0-9]{32}/g },
  { kind: "figma", pattern: /figd_[\w-]{40}/g },
  { kind: "linear", pattern: /lin_api_[A-Za-z0-9]{40}/g },
  { kind: "grafana", pattern: /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/g },
  // Anthropic, OpenAI and those who copied them. `sk-` alone begins too many names of other things.
  {
    kind: "api-key",
    pattern: /sk-(?:ant|proj|svcacct|admin)-[\w-]{20,300}|(?<![A-Za-z0-9])sk-[\w-]{20,300}/g,
    isToken: hasDigitAndCapital,
  },
  // In base64 "origin_ec" and "er/aws", which stand in the tokens that AWS STS gives out.
  {
    kind: "session-token",
    hint: /b3JpZ2luX2Vj|ZXIvYXdz/,
    pattern: /[A-Za-z0-9+/]{0,8}(?:b3JpZ2luX2Vj|ZXIvYXdz)[A-Za-z0-9+/]{64,}={0,2}/g,
  },
  {
    kind: "aws-secret-access-key",
    pattern: /(?:AKIA|ASIA)[A-Z0-9]{16}["']?\s{0,4}[,:;\s]\s{0,4}["']?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/g,
    isToken: hasDigitAndCapital,
  },
];

const AUTHORIZATIONS: readonly TokenShape[] = [
  { kind: "authorization", pattern: /\bBearer\s{1,4}([\w.~+/-]{16,}={0,2})/gi, isToken: hasDigit },
  { kind: "authorization", pattern: /\bBasic\s{1,4}([\w+/-]{8,}={0,2})/gi, isToken: holdsUserAndPassword },
];

export function prefixedTokens(text: string): readonly SecretRange[] {
  return PREFIXED.flatMap((shape) => tokensOf(shape, text));
}

export function authorizations(text: string): readonly SecretRange[] {
  return AUTHORIZATIONS.flatMap((shape) => tokensOf(shape, text));
}

function tokensOf({ kind, pattern, hint, isToken }: TokenShape, text: string): SecretRange[] {
  const found: SecretRange[] = [];
  if (hint !== undefined && !hint.test(text)) return found;
  for (const match of text.matchAll(pattern)) {
    const [whole] = match;
    const secret = match[1] ?? whole;
    const start = match.index + whole.lastIndexOf(secret);
    if (isToken === undefined || isToken(secret)) found.push({ start, end: start + secret.length, kind });
  }
  return found;
}

function hasDigit(found: string): boolean {
  return /\d/.test(found);
}

function hasDigitAndCapital(found: string): boolean {
  return /\d/.test(found) && /[A-Z]/.test(found) && /[g-z]/.test(found);
}

function holdsUserAndPassword(found: string): boolean {
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(found, "base64").toString("latin1"));
}
