/** A recorded event, in any of the forms in which people keep them, as a message of the intake queue. */
import { GatebookError } from "../errors.ts";
import { isObject, type JsonObject } from "./json.ts";
import { webhookSources } from "./webhook-sources.ts";

/** What a recording may be wrapped in, beside notes on where it is from. */
const WRAPPERS = ["event", "data", "record"];

/**
 * Takes an EventBridge event, a CloudTrail record, a message of the intake queue, a webhook as `{ headers, body }`, or one of these as the
 * `event` of a sample. Which system sent a webhook is told by `source`, or by the header that names its event; else it is GitHub.
 *
 * @param receivedAt epoch milliseconds, for webhooks, which carry no time of their own
 * @returns the message's text
 * @throws GatebookError `INPUT_INVALID` for anything else
 */
export function recordedMessage(value: unknown, receivedAt: number): string {
  if (!isObject(value)) throw new GatebookError("INPUT_INVALID", "is JSON, and no object");
  if (isObject(value["headers"]) && "body" in value && !isMessage(value)) return webhookMessage(value, receivedAt);
  const wrapped = WRAPPERS.map((name) => value[name]).find(isEvent);
  return JSON.stringify(!isEvent(value) && wrapped !== undefined ? wrapped : value);
}

function isEvent(value: unknown): value is JsonObject {
  return isObject(value) && ("detail-type" in value || "eventName" in value || isMessage(value));
}

/** A message of the intake queue, as Gatebook itself writes it. */
function isMessage({ v, kind }: JsonObject): boolean {
  return v === 1 && typeof kind === "string";
}

function webhookMessage({ headers, body, source }: JsonObject, receivedAt: number): string {
  const names = isObject(headers)
    ? Object.entries(headers).map(([name, content]) => [name.toLowerCase(), content] as const)
    : [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source: typeof source === "string" ? source : senderOf(names.map(([name]) => name)),
    receivedAt,
    headers: Object.fromEntries(names),
    body: Buffer.from(text).toString("base64"),
  });
}

function senderOf(headers: readonly string[]): string {
  const sender = Object.values(webhookSources).find(
    ({ eventHeader }) => eventHeader !== undefined && headers.includes(eventHeader.toLowerCase()),
  );
  return sender?.name ?? "github";
}
