/** What becomes of one webhook request: a message for the intake queue, or a refusal that never reaches it. */
import type { Authenticity, SignedRequest, WebhookSource } from "../sources/webhooks/webhook-source.ts";
import { findWebhookSource } from "../sources/webhooks/webhook-sources.ts";

/**
 * An HTTP API takes 10 MB, but hands it to a function in one event of 6 MiB at most: as text, where quotes and backslashes count twice, or in
 * base64, four letters for three bytes. 4 MiB surely fits in base64, and as text unless more than two fifths of it have to be escaped. What is
 * larger is refused with 413, by us or by API Gateway; GitHub itself sends up to 25 MB, for pushes of thousands of commits.
 */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface WebhookRequest extends SignedRequest {
  readonly source: string;
}

export type Reception =
  | { readonly outcome: "accepted"; readonly message: string }
  | { readonly outcome: "refused"; readonly status: 400 | 401 | 404 | 413; readonly detail: string };

/**
 * @param secretsOf the secrets that a source may use, newest first: two while one takes the other's place, none for a source that is not
 *   configured
 * @returns the intake queue's message for a request whose sender knows one of them
 */
export async function receiveWebhook(
  request: WebhookRequest,
  secretsOf: (source: string) => Promise<readonly string[]>,
): Promise<Reception> {
  const { body } = request;
  const source = findWebhookSource(request.source);
  const secrets = source === undefined ? [] : await secretsOf(source.name);
  if (source === undefined || secrets.length === 0)
    return refuse(404, `No webhook source of this name is configured under sources.webhooks of gatebook.yml.`);
  if (body.length > MAX_BODY_BYTES)
    return refuse(413, `The body has ${body.length} bytes; the limit is ${MAX_BODY_BYTES}.`);
  const text = decode(body);
  if (text === undefined || text === "") return refuse(400, "The body is not JSON in UTF-8.");
  const authenticity = await verify(source, request, secrets);
  if (authenticity.outcome === "refused") return refuse(401, authenticity.detail);
  if (!isJsonObject(text)) {
    return refuse(
      400,
      "The body is not a JSON object. Choose the content type application/json in the webhook's settings.",
    );
  }
  return { outcome: "accepted", message: messageOf(source, request) };
}

/** What is refused under every secret is refused as under the newest, which is the one to enter. */
async function verify(
  source: WebhookSource,
  request: SignedRequest,
  secrets: readonly string[],
): Promise<Authenticity> {
  const outcomes: Authenticity[] = [];
  for (const secret of secrets) {
    const authenticity = await source.verify(request, secret);
    if (authenticity.outcome === "authentic") return authenticity;
    outcomes.push(authenticity);
  }
  return outcomes[0] ?? { outcome: "refused", detail: "There is no secret to check the signature with." };
}

function messageOf({ name, keptHeaders }: WebhookSource, { headers, body, receivedAt }: SignedRequest): string {
  const kept = keptHeaders.flatMap((header) => (headers[header] === undefined ? [] : [[header, headers[header]]]));
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source: name,
    receivedAt,
    headers: Object.fromEntries(kept),
    body: Buffer.from(body).toString("base64"),
  });
}

function refuse(status: 400 | 401 | 404 | 413, detail: string): Reception {
  return { outcome: "refused", status, detail };
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
