/** What the vendors' signature schemes have in common: an HMAC or a shared secret, compared in constant time, and a time to believe it. */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Authenticity, SignedRequest } from "./webhook-source.ts";

/** A signed time further away than this is a replay, or a clock to be set right. As Standard Webhooks and Stripe have it. */
const MAX_CLOCK_DIFFERENCE_MS = 5 * 60 * 1000;
const MS_PER_SECOND = 1000;

export const AUTHENTIC: Authenticity = { outcome: "authentic" };

export function refusal(detail: string): Authenticity {
  return { outcome: "refused", detail };
}

export function missingHeader(header: string): Authenticity {
  return refusal(`The header ${header} is missing. Enter the webhook's secret in the sender's settings.`);
}

export function wrongSignature(header: string): Authenticity {
  return refusal(`The signature in ${header} is not that of the body under the configured secret.`);
}

/** How long it takes tells nothing: digests are compared, which are of one length whatever was sent. */
export function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}

export interface Hmac {
  readonly algorithm: "sha256" | "sha512";
  readonly key: string | Uint8Array;
  /** Signed one after the other. */
  readonly parts: readonly (string | Uint8Array)[];
}

export function hmac({ algorithm, key, parts }: Hmac, encoding: "hex" | "base64"): string {
  const digest = createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
}

/** @param seconds a Unix time in whole seconds, as the sender wrote it */
export function isRecent(seconds: string, { receivedAt }: SignedRequest): boolean {
  if (!/^\d{1,12}$/.test(seconds)) return false;
  return Math.abs(Number(seconds) * MS_PER_SECOND - receivedAt) <= MAX_CLOCK_DIFFERENCE_MS;
}

export function notRecent(header: string): Authenticity {
  return refusal(`The time in ${header} is more than five minutes from ours: a replay, or a clock that is wrong.`);
}

/** The whole body signed with the secret, in hex behind a prefix: what most vendors do. */
export function verifyBodyHmac(
  scheme: { readonly header: string; readonly algorithm: Hmac["algorithm"]; readonly prefix: string },
  { headers, body }: SignedRequest,
  secret: string,
): Authenticity {
  const given = headers[scheme.header];
  if (!given) return missingHeader(scheme.header);
  const digest = hmac({ algorithm: scheme.algorithm, key: secret, parts: [body] }, "hex");
  return isSameText(given, `${scheme.prefix}${digest}`) ? AUTHENTIC : wrongSignature(scheme.header);
}
