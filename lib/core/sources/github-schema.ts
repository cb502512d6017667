/** A GitHub webhook as the receiver enqueues it (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
import * as z from "zod";
import { object, part, read, text } from "./fields.ts";
import type { WebhookMessage } from "./webhook-source.ts";

/** The last millisecond that an ISO time with four digits for the year can write. */
export const MAX_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

const anything = z.unknown().optional();
const Account = part(z.object({ login: text, type: text }));
const Change = part(z.object({ to: text }));

/** What we read of any payload; each field may be missing or of another type. */
export const GitHubPayload = z.object({
  action: text,
  ref: text,
  sender: Account,
  organization: Account,
  member: Account,
  repository: part(z.object({ full_name: text, pushed_at: anything })),
  installation: part(z.object({ id: anything })),
  pull_request: part(z.object({ number: anything, merged: anything, updated_at: text })),
  review: part(z.object({ state: text, submitted_at: text })),
  rule: part(z.object({ name: text, updated_at: text })),
  workflow_run: part(z.object({ id: anything, updated_at: text })),
  changes: part(z.object({ permission: Change, role_name: Change })),
  deployment: object,
});
export type GitHubPayload = z.infer<typeof GitHubPayload>;

export interface GitHubMessage {
  readonly raw: string;
  /** The event's name: `push`, `pull_request`. */
  readonly event: string;
  readonly delivery?: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly payload: GitHubPayload;
}

export function readGitHub({ raw, headers, receivedAt, original }: WebhookMessage): GitHubMessage {
  const delivery = headers["x-github-delivery"];
  return {
    raw,
    event: headers["x-github-event"] ?? "unknown",
    ...(delivery !== undefined && { delivery }),
    receivedAt,
    payload: read(GitHubPayload, original, "the webhook's payload"),
  };
}
