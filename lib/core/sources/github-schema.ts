/** A GitHub webhook as the receiver enqueues it (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { object, part, read, text } from "./fields.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";

/** The last millisecond that an ISO time with four digits for the year can write. */
export const MAX_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

const Envelope = z.object({
  source: z.literal("github"),
  receivedAt: z.int().min(0).max(MAX_TIME_MS),
  headers: z.record(z.string(), z.unknown()),
  body: z.base64(),
});

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
  readonly kind: "webhook";
  /** The body as it arrived: the text that `raw_data` is made of. Its UTF-8 bytes are the body's bytes. */
  readonly raw: string;
  /** The event's name: `push`, `pull_request`. */
  readonly event: string;
  readonly delivery?: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly payload: GitHubPayload;
  /** The whole payload, with what our schema does not know. */
  readonly original: JsonObject;
}

export function readGitHubMessage(message: JsonObject): GitHubMessage {
  const { receivedAt, headers, body } = read(Envelope, message, "the webhook message");
  const raw = decode(body);
  const original = parseJson(jsonOf(raw, headers["content-type"]), "the webhook's body");
  if (!isObject(original)) throw new GatebookError("INPUT_INVALID", "the webhook's body is JSON, and no object");
  const [event, delivery] = [headers["x-github-event"], headers["x-github-delivery"]];
  return {
    kind: "webhook",
    raw,
    event: typeof event === "string" && event !== "" ? event : "unknown",
    ...(typeof delivery === "string" && delivery !== "" && { delivery }),
    receivedAt,
    payload: read(GitHubPayload, original, "the webhook's payload"),
    original,
  };
}

function decode(body: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, "base64"));
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", "the webhook's body is not UTF-8", { cause });
  }
}

/** A webhook may be set to send a form, with the JSON in its field `payload`. */
function jsonOf(raw: string, contentType: unknown): string {
  const isForm = typeof contentType === "string" && contentType.startsWith("application/x-www-form-urlencoded");
  return isForm ? (new URLSearchParams(raw).get("payload") ?? "") : raw;
}
