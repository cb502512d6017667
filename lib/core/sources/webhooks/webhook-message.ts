/** Reading a webhook as functions/receive enqueues it. */
import * as z from "zod";
import { GatebookError } from "../../errors.ts";
import { read } from "../fields.ts";
import { MAX_TIME_MS } from "../github/github-schema.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import { WEBHOOK_SOURCES, type WebhookMessage } from "./webhook-source.ts";

const Envelope = z.object({
  source: z.enum(WEBHOOK_SOURCES),
  receivedAt: z.int().min(0).max(MAX_TIME_MS),
  headers: z.record(z.string(), z.unknown()),
  body: z.base64(),
});

export function readWebhookMessage(message: JsonObject): WebhookMessage {
  const { source, receivedAt, headers: given, body } = read(Envelope, message, "the webhook message");
  const headers = textsOf(given);
  const raw = decode(body);
  const original = parseJson(jsonOf(raw, headers["content-type"]), "the webhook's body");
  if (!isObject(original)) throw new GatebookError("INPUT_INVALID", "the webhook's body is JSON, and no object");
  return { kind: "webhook", source, raw, headers, receivedAt, original };
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(headers).filter(
    (header): header is [string, string] => typeof header[1] === "string" && header[1] !== "",
  );
  return Object.fromEntries(texts);
}

function decode(body: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, "base64"));
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", "the webhook's body is not UTF-8", { cause });
  }
}

/** A webhook may be set to send a form, with the JSON in its field `payload`. */
function jsonOf(raw: string, contentType: string | undefined): string {
  const isForm = contentType?.startsWith("application/x-www-form-urlencoded") === true;
  return isForm ? (new URLSearchParams(raw).get("payload") ?? "") : raw;
}
