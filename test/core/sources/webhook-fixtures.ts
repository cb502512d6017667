/** Our own recorded webhooks under test/events, as the intake queue carries them. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events");
export const ARRIVED = "2026-11-23T10:00:00.000Z";

/** By way of the reader of recordings, which finds out who sent them. */
export function recordedWebhook(source: string, name: string): string {
  const recording = JSON.parse(readFileSync(path.join(EVENTS, source, `${name}.json`), "utf8"));
  return recordedMessage(recording, Date.parse(ARRIVED));
}

export function normalisedWebhook(source: string, name: string) {
  return normalise(parseMessage(recordedWebhook(source, name)));
}

/** As the receiver enqueues it. */
export function webhookOf(source: string, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source,
    receivedAt: Date.parse(ARRIVED),
    headers,
    body: Buffer.from(JSON.stringify(body)).toString("base64"),
  });
}
