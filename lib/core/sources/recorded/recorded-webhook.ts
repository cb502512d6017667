/** A recorded webhook as the receiver would have enqueued it. */
import { isObject, type JsonObject, parseJsonObject } from "../json.ts";
import { webhookSources } from "../webhooks/webhook-sources.ts";
import { type RecognisedWebhook, recogniseStandardWebhook, recogniseWebhook } from "./recognise-webhook.ts";
import type { Circumstances, RecordedEvent } from "./recorded-outcome.ts";

/** A webhook with its headers, or with those that were kept. */
export function recordedWebhook(
  { headers, body, source }: JsonObject,
  { receivedAt, hints = [] }: Circumstances,
): RecordedEvent {
  const given = isObject(headers)
    ? Object.fromEntries(Object.entries(headers).map(([name, content]) => [name.toLowerCase(), content]))
    : {};
  const payload = isObject(body) ? body : parseJsonObject(body);
  const recognised = payload && recogniseWebhook(payload, hints);
  const sender = (typeof source === "string" ? source : undefined) ?? senderOf(given) ?? recognised?.source ?? "github";
  return webhookMessage({
    source: sender,
    receivedAt,
    // What was kept is what the sender said; only what was lost is told from the body.
    headers: recognised?.source === sender ? { ...recognised.headers, ...given } : given,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A webhook's body alone. */
export function webhookBody(body: JsonObject, circumstances: Circumstances): RecordedEvent | undefined {
  const recognised = recogniseWebhook(body, circumstances.hints ?? []);
  return recognised && bareWebhook(recognised, body, circumstances);
}

/** A body that is no more than the Standard Webhooks advise. */
export function standardBody(body: JsonObject, circumstances: Circumstances): RecordedEvent | undefined {
  const recognised = recogniseStandardWebhook(body);
  return recognised && bareWebhook(recognised, body, circumstances);
}

function bareWebhook(recognised: RecognisedWebhook, body: JsonObject, { receivedAt }: Circumstances): RecordedEvent {
  return webhookMessage({ ...recognised, receivedAt, body: JSON.stringify(body) });
}

interface Webhook {
  readonly source: string;
  readonly receivedAt: number;
  readonly headers: JsonObject;
  readonly body: string;
}

function webhookMessage({ body, ...webhook }: Webhook): RecordedEvent {
  const message = { v: 1, kind: "webhook", ...webhook, body: Buffer.from(body).toString("base64") };
  return { outcome: "event", family: webhook.source, body: JSON.stringify(message) };
}

function senderOf(headers: JsonObject): string | undefined {
  const sender = Object.values(webhookSources).find(
    ({ eventHeader }) => eventHeader !== undefined && eventHeader.toLowerCase() in headers,
  );
  return sender?.name;
}
