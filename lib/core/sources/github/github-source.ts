/** GitHub as a webhook source (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries). */
import { verify } from "@octokit/webhooks-methods";
import { AUTHENTIC, missingHeader, wrongSignature } from "../webhooks/webhook-signature.ts";
import type { WebhookSource } from "../webhooks/webhook-source.ts";
import { normaliseGitHub } from "./github.ts";
import { readGitHub } from "./github-schema.ts";

const SIGNATURE = "x-hub-signature-256";

export const gitHub: WebhookSource = {
  name: "github",
  eventHeader: "X-GitHub-Event",
  keptHeaders: ["content-type", "user-agent", "x-github-event", "x-github-delivery", "x-github-hook-id", SIGNATURE],
  async verify({ headers, body }, secret) {
    const signature = headers[SIGNATURE];
    if (!signature) return missingHeader(SIGNATURE);
    // Exact for what is UTF-8, and other bodies are refused before this; the library compares in constant time.
    const isAuthentic = await verify(secret, Buffer.from(body).toString("utf8"), signature);
    return isAuthentic ? AUTHENTIC : wrongSignature(SIGNATURE);
  },
  normalise: (message) => normaliseGitHub(readGitHub(message)),
};
