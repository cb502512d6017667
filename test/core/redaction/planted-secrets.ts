/** Secrets of 25 kinds that nobody ever held, made from a seed. */
import { alphanumeric, bytes, DIGITS, hex, letters, pick, type Random, seeded, UPPER } from "./seeded.ts";

export interface SecretKind {
  readonly title: string;
  /** What such a secret is called where it is set. */
  readonly name: string;
  /** Whether it is known by its look alone, by its name, or takes several lines. */
  readonly foundBy: "look" | "name" | "lines";
  make(random: Random): string;
}

function pem(random: Random, label: string): string {
  const dashes = "-".repeat(5);
  const body =
    bytes(random, 200)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`${dashes}BEGIN ${label}${dashes}`, ...body, `${dashes}END ${label}${dashes}`].join("\n");
}

function jsonWebToken(random: Random): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "https://login.example.com", sub: hex(random, 12), jti: alphanumeric(random, 16) };
  return `${part({ alg: "RS256", kid: hex(random, 8) })}.${part(claims)}.${bytes(random, 64).toString("base64url")}`;
}

/** As people and password managers make them up; no sign that would end a word in a shell, a URL or YAML. */
function password(random: Random): string {
  const word = pick(random, ["Winter", "tricorn", "Bergamot", "quokka", "Lanternfish", "marzipan"]);
  return `${word}${pick(random, "!*~^.-_+")}${letters(random, `${DIGITS}abcxyzKLMN!*~._`, 8)}${pick(random, DIGITS)}q`;
}

export const SECRET_KINDS: readonly SecretKind[] = [
  { title: "GitHub token", name: "GITHUB_TOKEN", foundBy: "look", make: (r) => `ghp_${alphanumeric(r, 36)}` },
  {
    title: "GitHub fine-grained token",
    name: "GH_TOKEN",
    foundBy: "look",
    make: (r) => `github_pat_${alphanumeric(r, 22)}_${alphanumeric(r, 59)}`,
  },
  { title: "GitLab token", name: "GITLAB_TOKEN", foundBy: "look", make: (r) => `glpat-${alphanumeric(r, 20)}` },
  {
    title: "Slack token",
    name: "SLACK_TOKEN",
    foundBy: "look",
    make: (r) => `xoxb-${letters(r, DIGITS, 12)}-${letters(r, DIGITS, 12)}-${alphanumeric(r, 24)}`,
  },
  { title: "Stripe key", name: "STRIPE_SECRET_KEY", foundBy: "look", make: (r) => `sk_live_${alphanumeric(r, 24)}` },
  { title: "npm token", name: "NPM_TOKEN", foundBy: "look", make: (r) => `npm_${alphanumeric(r, 36)}` },
  { title: "Google API key", name: "MAPS_API_KEY", foundBy: "look", make: (r) => `AIza${alphanumeric(r, 35)}` },
  {
    title: "SendGrid key",
    name: "SENDGRID_API_KEY",
    foundBy: "look",
    make: (r) => `SG.${alphanumeric(r, 22)}.${alphanumeric(r, 43)}`,
  },
  { title: "JSON web token", name: "SERVICE_JWT", foundBy: "look", make: jsonWebToken },
  {
    title: "Anthropic key",
    name: "MODEL_API_KEY",
    foundBy: "look",
    make: (r) => `sk-ant-api03-${alphanumeric(r, 93)}AA`,
  },
  {
    title: "PyPI token",
    name: "TWINE_PASSWORD",
    foundBy: "look",
    make: (r) => `pypi-AgEIcHlwaS5vcmc${alphanumeric(r, 80)}`,
  },
  { title: "Vault token", name: "VAULT_TOKEN", foundBy: "look", make: (r) => `hvs.${alphanumeric(r, 90)}` },
  {
    title: "Terraform Cloud token",
    name: "TF_TOKEN",
    foundBy: "look",
    make: (r) => `${alphanumeric(r, 14)}.atlasv1.${alphanumeric(r, 67)}`,
  },
  {
    title: "Docker Hub token",
    name: "DOCKERHUB_TOKEN",
    foundBy: "look",
    make: (r) => `dckr_pat_${alphanumeric(r, 27)}`,
  },
  {
    title: "AWS session token",
    name: "AWS_SESSION_TOKEN",
    foundBy: "look",
    make: (r) => `IQoJb3JpZ2luX2Vj${alphanumeric(r, 320)}`,
  },
  { title: "private key", name: "TLS_PRIVATE_KEY", foundBy: "lines", make: (r) => pem(r, "PRIVATE KEY") },
  { title: "SSH key", name: "DEPLOY_SSH_PRIVATE_KEY", foundBy: "lines", make: (r) => pem(r, "OPENSSH PRIVATE KEY") },
  { title: "database password", name: "DB_PASSWORD", foundBy: "name", make: password },
  { title: "admin password", name: "admin-passwd", foundBy: "name", make: password },
  {
    title: "AWS secret access key",
    name: "AWS_SECRET_ACCESS_KEY",
    foundBy: "name",
    make: (r) => `${letters(r, `${UPPER}${DIGITS}abcdefghijk/+`, 38)}f7`,
  },
  { title: "Azure storage key", name: "AccountKey", foundBy: "name", make: (r) => bytes(r, 64).toString("base64") },
  { title: "API key in hexadecimal", name: "X-Api-Key", foundBy: "name", make: (r) => hex(r, 32) },
  { title: "webhook secret", name: "webhook_secret", foundBy: "name", make: (r) => bytes(r, 24).toString("base64url") },
  { title: "access token", name: "accessToken", foundBy: "name", make: (r) => alphanumeric(r, 40) },
  {
    title: "OAuth client secret",
    name: "clientSecret",
    foundBy: "name",
    make: (r) => `${alphanumeric(r, 18)}~${hex(r, 14)}`,
  },
];

const PER_KIND = 8;

export interface PlantedSecret {
  readonly kind: SecretKind;
  readonly number: number;
  readonly secret: string;
}

export const PLANTED_SECRETS: readonly PlantedSecret[] = SECRET_KINDS.flatMap((kind, index) =>
  Array.from({ length: PER_KIND }, (_, copy) => {
    const number = index * PER_KIND + copy;
    return { kind, number, secret: kind.make(seeded(number + 1)) };
  }),
);
