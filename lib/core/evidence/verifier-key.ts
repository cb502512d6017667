/** Verifier keys: who signs notes, in one line of text (https://c2sp.org/signed-note#verifier-keys). */
import { hash } from "node:crypto";
import { GatebookError } from "../errors.ts";
import { decodeBase64 } from "./canonical-base64.ts";

const PUBLIC_KEY_BYTES = 32;

const KEY_ID_BYTES = 4;

/** In UTF-8. What later signature types of the specification can hold, too. */
const MAX_KEY_NAME_BYTES = 255;

/** Before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (https://www.rfc-editor.org/rfc/rfc8410#section-4). */
export const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The byte that goes into key ids and verifier keys. Logs sign with Ed25519, witnesses make cosignatures. */
const TYPE_BYTES = { Ed25519: 0x01, "cosignature/v1": 0x04 } as const;

export type NoteAlgorithm = keyof typeof TYPE_BYTES;

export interface VerifierKey {
  /** A URL without scheme or trailing slash. A log's is its origin. */
  readonly name: string;
  readonly algorithm: NoteAlgorithm;
  /** Eight lower-case hex digits. Name and id together are what signatures name their key by. */
  readonly keyId: string;
  /** 32 bytes, as RFC 8032 encodes them. */
  readonly publicKey: Uint8Array;
}

/** @throws INPUT_INVALID for a name that no note can hold, or a key of another length than Ed25519's */
export function createVerifierKey(
  name: string,
  publicKey: Uint8Array,
  algorithm: NoteAlgorithm = "Ed25519",
): VerifierKey {
  if (!isKeyName(name)) throw malformed("has a name that is empty or has spaces or a plus in it");
  if (Buffer.byteLength(name) > MAX_KEY_NAME_BYTES) throw malformed(`has a name over ${MAX_KEY_NAME_BYTES} bytes`);
  if (publicKey.byteLength !== PUBLIC_KEY_BYTES)
    throw malformed(`has ${publicKey.byteLength} bytes instead of ${PUBLIC_KEY_BYTES}`);
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), typedKey(algorithm, publicKey)]);
  const keyId = hash("sha256", preimage, "hex").slice(0, 2 * KEY_ID_BYTES);
  return { name, algorithm, keyId, publicKey: Uint8Array.from(publicKey) };
}

/**
 * @param spki the DER of the key, as KMS's GetPublicKey answers
 * @throws INPUT_INVALID for another kind of key than Ed25519
 */
export function verifierKeyFromSpki(name: string, spki: Uint8Array, algorithm?: NoteAlgorithm): VerifierKey {
  const isEd25519 = SPKI_PREFIX.equals(spki.subarray(0, SPKI_PREFIX.byteLength));
  if (!isEd25519) throw malformed("is not an Ed25519 key in SPKI: make it with the key spec ECC_NIST_EDWARDS25519");
  return createVerifierKey(name, spki.subarray(SPKI_PREFIX.byteLength), algorithm);
}

/**
 * @example
 * parseVerifierKey("example.com/ledger/t1+40205097+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4").name // "example.com/ledger/t1"
 * @throws INPUT_INVALID
 */
export function parseVerifierKey(text: string): VerifierKey {
  // Base64 may contain a plus, names and ids cannot: only the first two separate.
  const [, name, keyId, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined) {
    throw malformed("is not three parts joined by plus signs: name+id+key");
  }
  const typed = decodeBase64(encoded);
  if (typed === undefined) throw malformed("does not end in base64");
  const algorithm = algorithmOf(typed[0]);
  if (algorithm === undefined) throw malformed("is neither Ed25519 (type 1) nor cosignature/v1 (type 4)");
  const key = createVerifierKey(name, typed.subarray(1), algorithm);
  if (key.keyId !== keyId) throw malformed(`does not have the id it says: copy it again, its own is ${key.keyId}`);
  return key;
}

export function formatVerifierKey({ name, keyId, algorithm, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${typedKey(algorithm, publicKey).toString("base64")}`;
}

/** https://c2sp.org/signed-note#format: no spaces of any kind and no plus. Control characters have no place in a note at all. */
export function isKeyName(name: string): boolean {
  return name !== "" && name.isWellFormed() && !/[\s+\p{Cc}]/u.test(name);
}

function typedKey(algorithm: NoteAlgorithm, publicKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(TYPE_BYTES[algorithm]), publicKey]);
}

function algorithmOf(type: number | undefined): NoteAlgorithm | undefined {
  if (type === TYPE_BYTES.Ed25519) return "Ed25519";
  return type === TYPE_BYTES["cosignature/v1"] ? "cosignature/v1" : undefined;
}

function malformed(reason: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `the verifier key ${reason}`);
}
