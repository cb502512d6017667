/** AES-256-GCM under symmetric keys (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html). */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import * as z from "zod";
import { AwsError, type Permission } from "../../aws-service.ts";
import { type JsonOperation, jsonOperation, validationError } from "../json-service.ts";
import { type Key, type KeyStore, keyArn } from "./key-store.ts";

/** A ciphertext names its key, since Decrypt may leave that out: version, key id in ASCII, nonce, tag, ciphertext. */
const VERSION = 1;
const KEY_ID_BYTES = 36;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;
const MAX_PLAINTEXT_BYTES = 4096;
const MAX_DATA_KEY_BYTES = 1024;

const Bytes = z.base64().transform((text) => Buffer.from(text, "base64"));
const Context = z.record(z.string(), z.string()).default({});
const Algorithm = z.literal("SYMMETRIC_DEFAULT").optional();

const Encrypt = z.strictObject({
  KeyId: z.string(),
  Plaintext: Bytes.refine(({ length }) => length >= 1 && length <= MAX_PLAINTEXT_BYTES, "1 to 4096 bytes"),
  EncryptionContext: Context,
  EncryptionAlgorithm: Algorithm,
});
const Decrypt = z.strictObject({
  CiphertextBlob: Bytes,
  KeyId: z.string().optional(),
  EncryptionContext: Context,
  EncryptionAlgorithm: Algorithm,
});
const GenerateDataKey = z.strictObject({
  KeyId: z.string(),
  KeySpec: z.enum(["AES_256", "AES_128"]).optional(),
  NumberOfBytes: z.int().min(1).max(MAX_DATA_KEY_BYTES).optional(),
  EncryptionContext: Context,
});

export function encryptionOperations(keys: KeyStore): Readonly<Record<string, JsonOperation>> {
  return {
    Encrypt: jsonOperation({
      input: Encrypt,
      needs: (input) => [need("Encrypt", keys.find(input.KeyId), input.EncryptionContext)],
      answer: (input) => {
        const key = symmetricKey(keys, input.KeyId);
        const blob = encrypt(key, input.Plaintext, input.EncryptionContext);
        return { KeyId: keyArn(key.keyId), CiphertextBlob: blob, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      },
    }),
    Decrypt: jsonOperation({
      input: Decrypt,
      needs: (input) => [need("Decrypt", keyOfBlob(keys, input.CiphertextBlob), input.EncryptionContext)],
      answer: (input) => {
        const key = keyOfBlob(keys, input.CiphertextBlob);
        if (input.KeyId !== undefined && keys.find(input.KeyId) !== key) {
          throw new AwsError("IncorrectKeyException", 400, "The ciphertext was made under another key.");
        }
        const plaintext = decrypt(key, input.CiphertextBlob, input.EncryptionContext).toString("base64");
        return { KeyId: keyArn(key.keyId), Plaintext: plaintext, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      },
    }),
    GenerateDataKey: jsonOperation({
      input: GenerateDataKey,
      needs: (input) => [need("GenerateDataKey", keys.find(input.KeyId), input.EncryptionContext)],
      answer: (input) => {
        const key = symmetricKey(keys, input.KeyId);
        const plaintext = randomBytes(dataKeyBytes(input));
        const blob = encrypt(key, plaintext, input.EncryptionContext);
        return { KeyId: keyArn(key.keyId), Plaintext: plaintext.toString("base64"), CiphertextBlob: blob };
      },
    }),
  };
}

function need(action: string, key: Key, context: Readonly<Record<string, string>>): Permission {
  const conditions = Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { action: `kms:${action}`, resource: keyArn(key.keyId), conditions: Object.fromEntries(conditions) };
}

function symmetricKey(keys: KeyStore, reference: string): Key {
  const key = keys.find(reference);
  if (key.spec === "SYMMETRIC_DEFAULT") return key;
  throw new AwsError("InvalidKeyUsageException", 400, `${keyArn(key.keyId)} is not a key for encryption.`);
}

function dataKeyBytes({ KeySpec, NumberOfBytes }: z.infer<typeof GenerateDataKey>): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw validationError("Please specify either number of bytes or key spec.");
  }
  return NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32);
}

function encrypt(key: Key, plaintext: Buffer, context: Readonly<Record<string, string>>): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key.material, "base64"), nonce).setAAD(encode(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const blob = [Buffer.of(VERSION), Buffer.from(key.keyId, "ascii"), nonce, cipher.getAuthTag(), ciphertext];
  return Buffer.concat(blob).toString("base64");
}

function decrypt(key: Key, blob: Buffer, context: Readonly<Record<string, string>>): Buffer {
  const nonce = blob.subarray(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + NONCE_BYTES);
  const tag = blob.subarray(HEADER_BYTES - TAG_BYTES, HEADER_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key.material, "base64"), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(encode(context)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(blob.subarray(HEADER_BYTES)), decipher.final()]);
  } catch (cause) {
    throw Object.assign(invalidCiphertext(), { cause });
  }
}

function keyOfBlob(keys: KeyStore, blob: Buffer): Key {
  if (blob.length <= HEADER_BYTES || blob[0] !== VERSION) throw invalidCiphertext();
  const keyId = blob.subarray(1, 1 + KEY_ID_BYTES).toString("latin1");
  const key = keys.keys.find((candidate) => candidate.keyId === keyId && candidate.spec === "SYMMETRIC_DEFAULT");
  if (key === undefined) throw invalidCiphertext();
  return key;
}

/** The context in one order, whichever way its caller wrote it. */
function encode(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function invalidCiphertext(): AwsError {
  return new AwsError("InvalidCiphertextException", 400, "The ciphertext was not made here, or not in this context.");
}
