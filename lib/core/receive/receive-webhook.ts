/** What becomes of one webhook request: a message for the intake queue, or a refusal that never reaches it. */
import { verify } from "@octokit/webhooks-methods";

/** Sources that may send, and what each puts its signature into. */
const SIGNATURE_HEADERS: Readonly<Record<string, string>> = { github: "x-hub-signature-256" };

/**
 * An SQS message has 1 MiB, the body travels in base64 (four letters for three bytes), and headers need room: 700 KiB is what surely fits.
 * GitHub's largest deliveries (25 MB) are pushes of thousands of commits.
 */
export const MAX_BODY_BYTES = 700 * 1024;

/** Everything else that a sender adds is of no use later and may hold what nobody should keep. */
const KEPT_HEADERS = [
  "content-type",
  "user-agent",
  "x-github-event",
  "x-github-delivery",
  "x-github-hook-id",
  "x-hub-signature-256",
];

export interface WebhookRequest {
  readonly source: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export type Reception =
  | { readonly outcome: "accepted"; readonly message: string }
  | { readonly outcome: "refused"; readonly status: 400 | 401 | 404 | 413; readonly detail: string };

/**
 * @param secretOf the source's secret, or nothing for a source that is not configured
 * @returns the intake queue's message for a request whose sender knows the secret
 */
export async function receiveWebhook(
  { source, headers, body, receivedAt }: WebhookRequest,
  secretOf: (source: string) => Promise<string | undefined>,
): Promise<Reception> {
  const header = Object.hasOwn(SIGNATURE_HEADERS, source) ? SIGNATURE_HEADERS[source] : undefined;
  const secret = header === undefined ? undefined : await secretOf(source);
  if (header === undefined || secret === undefined)
    return refuse(404, `No webhook source of this name is configured under sources.webhooks of gatebook.yml.`);
  if (body.length > MAX_BODY_BYTES)
    return refuse(413, `The body has ${body.length} bytes; the limit is ${MAX_BODY_BYTES}.`);
  const signature = headers[header];
  if (!signature)
    return refuse(401, `The header ${header} is missing. Enter the webhook's secret in ${source}'s settings.`);

  const text = decode(body);
  if (text === undefined || text === "") return refuse(400, "The body is not JSON in UTF-8.");
  // Decoding is exact, so these are the raw bytes; the library compares in constant time.
  if (!(await verify(secret, text, signature)))
    return refuse(401, `The signature in ${header} is not that of the body under the configured secret.`);
  if (!isJsonObject(text)) {
    return refuse(
      400,
      "The body is not a JSON object. Choose the content type application/json in the webhook's settings.",
    );
  }
  const kept = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  const message = {
    v: 1,
    kind: "webhook",
    source,
    receivedAt,
    headers: kept,
    body: Buffer.from(body).toString("base64"),
  };
  return { outcome: "accepted", message: JSON.stringify(message) };
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
