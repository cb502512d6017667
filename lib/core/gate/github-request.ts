/** A GitHub environment asks the gate (https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule). */
import * as z from "zod";
import type { SignedRequest } from "../sources/webhooks/webhook-source.ts";

const EVENT = "deployment_protection_rule";
const MAX_TEXT_CHARS = 600;
const words = z.string().min(1).max(MAX_TEXT_CHARS);

const Payload = z.object({
  action: z.literal("requested"),
  environment: words,
  deployment_callback_url: words,
  deployment: z.object({ sha: words }),
  repository: z.object({ full_name: words }),
  installation: z.object({ id: z.int().positive() }),
});

/** As the gate's queue carries it. */
const GitHubAsks = z.object({
  v: z.literal(1),
  delivery: words,
  /** When it was first asked, epoch milliseconds. */
  since: z.int().min(0),
  environment: words,
  callbackUrl: words,
  commit: words,
  repository: words,
  installation: z.int().positive(),
});
export type GitHubAsks = z.infer<typeof GitHubAsks>;

/** @returns the message for the gate's queue; undefined for every other webhook, and for one that nobody could answer */
export function gitHubQuestion(source: string, { headers, body, receivedAt }: SignedRequest): string | undefined {
  if (source !== "github" || headers["x-github-event"] !== EVENT) return undefined;
  const { success, data } = Payload.safeParse(JSON.parse(Buffer.from(body).toString("utf8")));
  if (!success) return undefined;
  const asks: GitHubAsks = {
    v: 1,
    delivery: (headers["x-github-delivery"] ?? "unknown").slice(0, MAX_TEXT_CHARS),
    since: receivedAt,
    environment: data.environment,
    callbackUrl: data.deployment_callback_url,
    commit: data.deployment.sha,
    repository: data.repository.full_name,
    installation: data.installation.id,
  };
  return JSON.stringify(asks);
}

export function readGitHubAsks(text: string): GitHubAsks {
  return GitHubAsks.parse(JSON.parse(text));
}
