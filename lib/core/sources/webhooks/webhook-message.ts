/** Reading a webhook as functions/receive enqueues it. */
import * as z from "zod";
import { GatebookError } from "../../errors.ts";
import { read } from "../fields.ts";
import { MAX_TIME_MS } from "../github/github-schema.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import { quickly } from "../read-members.ts";
import { WEBHOOK_SOURCES, type WebhookMessage } from "./webhook-source.ts";

const Envelope = z.object({
  source: quickly(z.enum(WEBHOOK_SOURCES), (value) => WEBHOOK_SOURCES.some((source) => source === value)),
  receivedAt: quickly(
    z.int().min(0).max(MAX_TIME_MS),
    (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TIME_MS,
  ),
  headers: quickly(z.record(z.string(), z.unknown()), isObject),
  body: quickly(z.base64(), isOurBase64),
});

export function readWebhookMessage(message: JsonObject): WebhookMessage {
  const { source, receivedAt, headers: given, body } = read(Envelope, message, "the webhook message");
  const headers = textsOf(given);
  const raw = decode(body);
  const original = parseJson(jsonOf(raw, headers["content-type"]), "the webhook's body");
  if (!isObject(original)) throw new GatebookError("INPUT_INVALID", "the webhook's body is JSON, and no object");
  return { kind: "webhook", source, raw, headers, receivedAt, original };
}

/** As the receiver writes it: what comes out the same when it is written again is base64. */
function isOurBase64(value: unknown): boolean {
  return typeof value === "string" && Buffer.from(value, "base64").toString("base64") === value;
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
