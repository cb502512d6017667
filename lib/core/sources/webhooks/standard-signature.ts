/** Standard Webhooks' symmetric signatures (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). */
import { Webhook } from "standardwebhooks";
import {
  AUTHENTIC,
  isRecent,
  isSameText,
  missingHeader,
  notRecent,
  refusal,
  wrongSignature,
} from "./webhook-signature.ts";
import type { Authenticity, SignedRequest } from "./webhook-source.ts";

const ID = "webhook-id";
const TIME = "webhook-timestamp";
const SIGNATURE = "webhook-signature";
const MS_PER_SECOND = 1000;

/** Before a key that is written in base64, as the specification has it. */
export const KEY_PREFIX = "whsec_";

/**
 * One signature of the list is enough, which is how senders change their key; other versions than `v1` are passed over. The library's own
 * `verify` reads the wall clock: it only signs here, and the time is held against the request's.
 */
export function verifyStandard(request: SignedRequest, secret: string): Authenticity {
  const { headers, body } = request;
  const [signatures, seconds, id] = [headers[SIGNATURE], headers[TIME], headers[ID]];
  if (!signatures) return missingHeader(SIGNATURE);
  if (!seconds) return missingHeader(TIME);
  if (!id) return missingHeader(ID);
  // What is signed is id, time and body with full stops between: another one would let the same text be cut elsewhere.
  if (id.includes(".")) return refusal(`The header ${ID} holds a full stop, which Standard Webhooks does not allow.`);
  if (!isRecent(seconds, request)) return notRecent(TIME);
  const keys = keysOf(secret);
  if (keys.length === 0) return refusal("The configured secret holds no key. Store it as the sender shows it.");
  const signedAt = new Date(Number(seconds) * MS_PER_SECOND);
  // Exact for what is UTF-8, and other bodies are refused before this.
  const text = Buffer.from(body).toString("utf8");
  const given = signatures.split(" ");
  const isAuthentic = keys.some((key) => {
    const expected = key.sign(id, signedAt, text);
    return given.some((signature) => isSameText(signature, expected));
  });
  return isAuthentic ? AUTHENTIC : wrongSignature(SIGNATURE);
}

/**
 * A secret without the prefix is text, whose bytes are the key. Most libraries take such a text for base64 all the same, so a sender who
 * was given it may sign with either.
 */
function keysOf(secret: string): readonly Webhook[] {
  const key = keyOf(() => new Webhook(secret));
  return secret.startsWith(KEY_PREFIX)
    ? key
    : [...keyOf(() => new Webhook(Buffer.from(secret), { format: "raw" })), ...key];
}

/** None where the library finds the secret empty, or no base64. */
function keyOf(create: () => Webhook): readonly Webhook[] {
  try {
    return [create()];
  } catch {
    return [];
  }
}
