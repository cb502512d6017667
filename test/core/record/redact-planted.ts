/** Secrets that nobody ever held, put together when a test runs: no scanner takes this repository for one that leaks. */

const MIXED = "aB3dE5gH7jK9mN2pQ4rS6tU8vW1xYz";

/** Letters of both cases and digits, the same on each run. */
export function mixed(length: number): string {
  return MIXED.repeat(Math.ceil(length / MIXED.length)).slice(0, length);
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function jsonWebToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part({ sub: "ana", admin: true })}.${mixed(43)}`;
}

export function privateKey(label: string, lineEnd = "\n"): string {
  const dashes = "-".repeat(5);
  const body = [mixed(64), mixed(64), `${mixed(30)}==`].join(lineEnd);
  return `${dashes}BEGIN ${label}${dashes}${lineEnd}${body}${lineEnd}${dashes}END ${label}${dashes}`;
}

/** Secrets that are known by their look, each with the kind it is redacted as. */
export const TOKENS: readonly (readonly [kind: string, title: string, secret: string])[] = [
  ["jwt", "a JSON web token", jsonWebToken()],
  ["private-key", "an RSA private key", privateKey("RSA PRIVATE KEY")],
  ["private-key", "a private key with escaped line ends", privateKey("PRIVATE KEY", "\\n")],
  ["private-key", "a PGP private key", privateKey("PGP PRIVATE KEY BLOCK")],
  ["private-key", "an OpenSSH private key", privateKey("OPENSSH PRIVATE KEY")],
  ["github-token", "a GitHub personal token", `ghp_${mixed(36)}`],
  ["github-token", "a GitHub OAuth token", `gho_${mixed(36)}`],
  ["github-token", "a GitHub user token", `ghu_${mixed(36)}`],
  ["github-token", "a GitHub server token", `ghs_${mixed(36)}`],
  ["github-token", "a GitHub refresh token", `ghr_${mixed(76)}`],
  ["github-token", "a GitHub fine-grained token", `github_pat_${mixed(22)}_${mixed(59)}`],
  ["gitlab-token", "a GitLab personal token", `glpat-${mixed(20)}`],
  ["gitlab-token", "a GitLab runner token", `glrt-${mixed(20)}`],
  ["slack-token", "a Slack bot token", `xoxb-${"1".repeat(12)}-${"2".repeat(12)}-${mixed(24)}`],
  ["slack", "a Slack webhook", `https://hooks.slack.com/services/T${"0".repeat(8)}/B${"0".repeat(8)}/${mixed(24)}`],
  ["stripe-key", "a Stripe live key", `sk_live_${mixed(24)}`],
  ["npm-token", "an npm token", `npm_${mixed(36)}`],
  ["google-api-key", "a Google API key", `AIza${mixed(35)}`],
  ["google-oauth-token", "a Google OAuth token", `ya29.${mixed(60)}`],
  ["sendgrid-key", "a SendGrid key", `SG.${mixed(22)}.${mixed(43)}`],
  ["api-key", "an Anthropic key", `sk-ant-api03-${mixed(93)}AA`],
  ["api-key", "an OpenAI key", `sk-proj-${mixed(74)}`],
  ["pypi-token", "a PyPI token", `pypi-AgEIcHlwaS5vcmc${mixed(80)}`],
  ["vault-token", "a Vault token", `hvs.${mixed(95)}`],
  ["terraform-token", "a Terraform Cloud token", `${mixed(14)}.atlasv1.${mixed(67)}`],
  ["session-token", "an AWS session token", `${base64("\x21\x0a\x09\x6f\x72")}b3JpZ2luX2Vj${mixed(300)}`.slice(8)],
  ["age-key", "an age key", `AGE-SECRET-KEY-1${"QPZRY9X8GF".repeat(6).slice(0, 58)}`],
  ["huggingface", "a Hugging Face token", `hf_${"abcdefghijKLMNOPQRSTuvwxyzABCDEFGH"}`],
  ["docker", "a Docker Hub token", `dckr_pat_${mixed(27)}`],
  ["databricks", "a Databricks token", `dapi${"0123456789abcdef".repeat(2)}`],
  ["shopify", "a Shopify token", `shpat_${"0123456789abcdef".repeat(2)}`],
  ["grafana", "a Grafana token", `glsa_${mixed(32)}_0123abcd`],
  ["figma", "a Figma token", `figd_${mixed(40)}`],
  ["linear", "a Linear key", `lin_api_${mixed(40)}`],
];
