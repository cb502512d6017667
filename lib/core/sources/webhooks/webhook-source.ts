/** What a system that sends webhooks is to Gatebook: how it proves who it is, which headers matter, what its events mean. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { JsonObject } from "../json.ts";

/** As in the path of the URL, in gatebook.yml and before the colon of a principal. */
export const WEBHOOK_SOURCES = [
  "github",
  "gitlab",
  "bitbucket",
  "buildkite",
  "terraform-cloud",
  "circleci",
  "azure-devops",
  "jenkins",
  "argocd",
  "standard",
] as const;
export type WebhookSourceName = (typeof WEBHOOK_SOURCES)[number];

export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they arrived. */
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** `detail` is a sentence for whoever set the webhook up. It never holds anything of a secret. */
export type Authenticity = { readonly outcome: "authentic" } | { readonly outcome: "refused"; readonly detail: string };

/** One webhook as the intake queue carries it. */
export interface WebhookMessage {
  readonly kind: "webhook";
  readonly source: WebhookSourceName;
  /** The body as it arrived: the text that `raw_data` is made of. Its UTF-8 bytes are the body's bytes. */
  readonly raw: string;
  /** Those that the source keeps; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The whole payload, with what our schemas do not know. */
  readonly original: JsonObject;
}

export interface WebhookSource {
  readonly name: WebhookSourceName;
  /** The header that names the event, as the vendor spells it. Recordings are told apart by it, and raw rules see it beside the payload. */
  readonly eventHeader?: string;
  /**
   * Headers that travel with the event. Whatever else a sender adds is of no use later and may hold what nobody should keep: a header that
   * carries the secret itself is never among them.
   */
  readonly keptHeaders: readonly string[];
  /** The vendor's scheme, over the bytes as they arrived, in constant time, and within minutes where the vendor signs the time. */
  verify(request: SignedRequest, secret: string): Promise<Authenticity>;
  /** Everything it reads may be missing or of another type: an object never fails, and an event type that is new is `other`. */
  normalise(message: WebhookMessage): NormalisedEvent;
}
