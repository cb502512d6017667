/** Each vendor's signature scheme, from the sender's side: how to sign a body, and what only looks like it. */
import { createHmac } from "node:crypto";
import type { WebhookSourceName } from "../../../lib/core/sources/webhooks/webhook-source.ts";

export const NOW = Date.parse("2026-11-23T10:00:00Z");
export const SECONDS = NOW / 1000;
export const SECRET = "a-secret-of-some-length";
const KEY = Buffer.alloc(32, "gatebook");
export const SIGNING_TOKEN = `whsec_${KEY.toString("base64")}`;
/** As the stack makes them: 48 letters and digits. */
export const GENERATED = "9fKq2LmZx7RtB4vWc8NyHd3PsGj6TaEu5QoXw1MiVbCkLrDz";
export const BODY = '{ "ref":"refs/heads/main",  "emoji":"😀" }\n';

export type Headers = Readonly<Record<string, string>>;

export interface Scheme {
  readonly source: WebhookSourceName;
  readonly secret: string;
  /** A secret of the same form that is another. */
  readonly otherSecret: string;
  readonly sign: (body: string, secret: string, seconds: number) => Headers;
  /** The headers that carry the proof: none may be missing. */
  readonly proof: readonly string[];
  /** The proof in another spelling that only looks like it. */
  readonly misspelt: (headers: Headers) => readonly Headers[];
  /** Schemes that send a password prove nothing of the body. */
  readonly isBodySigned: boolean;
  readonly isTimeSigned: boolean;
}

export function digest(
  algorithm: string,
  key: string | Buffer,
  text: string,
  encoding: "hex" | "base64" = "hex",
): string {
  return createHmac(algorithm, key).update(text).digest(encoding);
}

/** One header, each of its misspellings. */
function respelt(name: string, ...spellings: readonly ((value: string) => string)[]) {
  return (headers: Headers) => spellings.map((spell) => ({ ...headers, [name]: spell(headers[name] ?? "") }));
}

const upper = (value: string) => value.toUpperCase();
const cut = (value: string) => value.slice(0, -1);
const bare = (value: string) => value.slice(value.indexOf("=") + 1);
const asBase64 = (value: string) => value.replace(/[0-9a-f]{64,}/, (hex) => Buffer.from(hex, "hex").toString("base64"));

export function signStandard(body: string, key: Buffer, seconds: number, id = "msg-1"): Headers {
  const signature = `v1,${digest("sha256", key, `${id}.${seconds}.${body}`, "base64")}`;
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": signature };
}

const STANDARD = {
  secret: SIGNING_TOKEN,
  otherSecret: `whsec_${Buffer.alloc(32, "other").toString("base64")}`,
  sign: (body: string, secret: string, seconds: number) =>
    signStandard(body, Buffer.from(secret.slice("whsec_".length), "base64"), seconds),
  proof: ["webhook-id", "webhook-timestamp", "webhook-signature"],
  misspelt: respelt(
    "webhook-signature",
    cut,
    (value) => value.slice("v1,".length),
    (value) => value.replace("v1,", "v2,"),
    (value) => value.replace("v1,", "v1="),
    (value) => `v1,${Buffer.from(value.slice(3), "base64").toString("hex")}`,
    (value) => value.replaceAll("=", ""),
  ),
  isBodySigned: true,
  isTimeSigned: true,
};

const PLAIN = { secret: SECRET, otherSecret: "another-secret", isBodySigned: true, isTimeSigned: false };

/** The secret as the password of a user called gatebook. */
const PASSWORD = {
  ...PLAIN,
  sign: (_: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`gatebook:${secret}`).toString("base64")}`,
  }),
  proof: ["authorization"],
  misspelt: respelt(
    "authorization",
    upper,
    cut,
    () => `Bearer ${SECRET}`,
    () => `Basic gatebook:${SECRET}`,
    () => `Basic ${Buffer.from(`somebody:${SECRET}`).toString("base64")}`,
  ),
  isBodySigned: false,
};

export const SCHEMES: Readonly<Record<string, Scheme>> = {
  GitHub: {
    ...PLAIN,
    source: "github",
    sign: (body, secret) => ({ "x-hub-signature-256": `sha256=${digest("sha256", secret, body)}` }),
    proof: ["x-hub-signature-256"],
    misspelt: respelt("x-hub-signature-256", upper, cut, bare, asBase64),
  },
  "GitLab with a secret token": {
    ...PLAIN,
    source: "gitlab",
    sign: (_, secret) => ({ "x-gitlab-token": secret }),
    proof: ["x-gitlab-token"],
    misspelt: respelt(
      "x-gitlab-token",
      upper,
      cut,
      (value) => `${value} `,
      (value) => Buffer.from(value).toString("base64"),
    ),
    isBodySigned: false,
  },
  "GitLab with a signing token": { ...STANDARD, source: "gitlab" },
  "Standard Webhooks with a key in base64": { ...STANDARD, source: "standard" },
  "Standard Webhooks with a text as the key": {
    ...STANDARD,
    source: "standard",
    secret: GENERATED,
    otherSecret: GENERATED.toLowerCase(),
    sign: (body, secret, seconds) => signStandard(body, Buffer.from(secret), seconds),
  },
  Bitbucket: {
    ...PLAIN,
    source: "bitbucket",
    sign: (body, secret) => ({ "x-hub-signature": `sha256=${digest("sha256", secret, body)}` }),
    proof: ["x-hub-signature"],
    misspelt: respelt("x-hub-signature", upper, cut, bare, asBase64, (value) => value.replace("sha256", "sha1")),
  },
  "Buildkite with a signature": {
    ...PLAIN,
    source: "buildkite",
    sign: (body, secret, seconds) => ({
      "x-buildkite-signature": `timestamp=${seconds},signature=${digest("sha256", secret, `${seconds}.${body}`)}`,
    }),
    proof: ["x-buildkite-signature"],
    misspelt: respelt(
      "x-buildkite-signature",
      upper,
      cut,
      asBase64,
      (value) => value.replace(/^timestamp=\d+,/, ""),
      (value) => value.replace(/,signature=.*/, ""),
      (value) => value.replace(/timestamp=/, "timestamp=0"),
      (value) => value.replace(/timestamp=\d+/, "timestamp=NaN"),
    ),
    isTimeSigned: true,
  },
  "Buildkite with a token": {
    ...PLAIN,
    source: "buildkite",
    sign: (_, secret) => ({ "x-buildkite-token": secret }),
    proof: ["x-buildkite-token"],
    misspelt: respelt("x-buildkite-token", upper, cut),
    isBodySigned: false,
  },
  "HCP Terraform": {
    ...PLAIN,
    source: "terraform-cloud",
    sign: (body, secret) => ({ "x-tfe-notification-signature": digest("sha512", secret, body) }),
    proof: ["x-tfe-notification-signature"],
    misspelt: respelt("x-tfe-notification-signature", upper, cut, asBase64, (value) => `sha512=${value}`),
  },
  CircleCI: {
    ...PLAIN,
    source: "circleci",
    sign: (body, secret) => ({ "circleci-signature": `v1=${digest("sha256", secret, body)}` }),
    proof: ["circleci-signature"],
    misspelt: respelt("circleci-signature", upper, cut, bare, asBase64, (value) => value.replace("v1", "v2")),
  },
  "Azure DevOps": { ...PASSWORD, source: "azure-devops" },
  Jenkins: { ...PASSWORD, source: "jenkins" },
  "Argo CD": {
    ...PLAIN,
    source: "argocd",
    sign: (_, secret) => ({ authorization: `Bearer ${secret}` }),
    proof: ["authorization"],
    misspelt: respelt(
      "authorization",
      upper,
      cut,
      (value) => `${value} `,
      (value) => value.replace("Bearer ", ""),
      (value) => value.replace("Bearer ", "Basic "),
      () => `Bearer ${Buffer.from(SECRET).toString("base64")}`,
    ),
    isBodySigned: false,
  },
};
