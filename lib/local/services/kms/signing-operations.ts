/** Ed25519 signatures over raw messages (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html, RFC 8032). */
import { createPublicKey, sign, verify } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../../aws-service.ts";
import { type JsonOperation, jsonOperation, notImplemented } from "../json-service.ts";
import { type Key, type KeyStore, keyArn, privateKeyOf } from "./key-store.ts";

const ALGORITHM = "ED25519_SHA_512";
const MAX_MESSAGE_BYTES = 4096;

const Message = z
  .base64()
  .transform((text) => Buffer.from(text, "base64"))
  .refine((bytes) => bytes.length >= 1 && bytes.length <= MAX_MESSAGE_BYTES, `1 to ${MAX_MESSAGE_BYTES} bytes`);

const Sign = z.strictObject({
  KeyId: z.string(),
  Message,
  MessageType: z.string().default("RAW"),
  SigningAlgorithm: z.string(),
});
const Verify = z.strictObject({ ...Sign.shape, Signature: z.base64() });

export function signingOperations(keys: KeyStore): Readonly<Record<string, JsonOperation>> {
  const needs = (action: string) => (input: z.infer<typeof Sign>) => [
    {
      action: `kms:${action}`,
      resource: keyArn(keys.find(input.KeyId).keyId),
      conditions: { "kms:SigningAlgorithm": input.SigningAlgorithm, "kms:MessageType": input.MessageType },
    },
  ];
  return {
    GetPublicKey: jsonOperation({
      input: z.strictObject({ KeyId: z.string() }),
      needs: (input) => [{ action: "kms:GetPublicKey", resource: keyArn(keys.find(input.KeyId).keyId) }],
      answer: (input) => {
        const key = signingKey(keys, input.KeyId);
        return {
          KeyId: keyArn(key.keyId),
          PublicKey: createPublicKey(privateKeyOf(key)).export({ format: "der", type: "spki" }).toString("base64"),
          KeySpec: key.spec,
          CustomerMasterKeySpec: key.spec,
          KeyUsage: "SIGN_VERIFY",
          SigningAlgorithms: [ALGORITHM],
        };
      },
    }),
    Sign: jsonOperation({
      input: Sign,
      needs: needs("Sign"),
      answer: (input) => {
        const key = signingKey(keys, input.KeyId, input);
        const signature = sign(null, input.Message, privateKeyOf(key));
        return { KeyId: keyArn(key.keyId), Signature: signature.toString("base64"), SigningAlgorithm: ALGORITHM };
      },
    }),
    Verify: jsonOperation({
      input: Verify,
      needs: needs("Verify"),
      answer: (input) => {
        const key = signingKey(keys, input.KeyId, input);
        const signature = Buffer.from(input.Signature, "base64");
        if (!verify(null, input.Message, createPublicKey(privateKeyOf(key)), signature)) {
          throw new AwsError("KMSInvalidSignatureException", 400, "The signature is not this key's over this message.");
        }
        return { KeyId: keyArn(key.keyId), SignatureValid: true, SigningAlgorithm: ALGORITHM };
      },
    }),
  };
}

function signingKey(keys: KeyStore, reference: string, how?: z.infer<typeof Sign>): Key {
  const key = keys.find(reference);
  if (key.spec !== "ECC_NIST_EDWARDS25519") {
    throw new AwsError("InvalidKeyUsageException", 400, `${keyArn(key.keyId)} is not a key for signatures.`);
  }
  if (how !== undefined && (how.SigningAlgorithm !== ALGORITHM || how.MessageType !== "RAW")) {
    throw notImplemented(`kms signatures by ${how.SigningAlgorithm} over ${how.MessageType}`);
  }
  return key;
}
