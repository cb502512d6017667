/** Making, naming and describing keys. */
import * as z from "zod";
import { readPolicy } from "../../authorisation/policy-document.ts";
import { AwsError } from "../../aws-service.ts";
import { type JsonOperation, jsonOperation, notImplemented, validationError } from "../json-service.ts";
import { aliasArn, type Key, type KeyStore, keyArn } from "./key-store.ts";

export interface KmsContext {
  readonly keys: KeyStore;
  readonly now: () => number;
  readonly putPolicy: (key: Key) => void;
}

const KeyReference = z.string().min(1).max(2048);
const ByKey = z.strictObject({ KeyId: KeyReference });

const CreateKey = z.strictObject({
  KeySpec: z.string().default("SYMMETRIC_DEFAULT"),
  KeyUsage: z.string().optional(),
  Description: z.string().max(8192).default(""),
  Policy: z.string().optional(),
  // Said for the record: there is one region, nobody can be locked out, and nobody is billed by tag.
  MultiRegion: z.literal(false).optional(),
  BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
  Tags: z.array(z.strictObject({ TagKey: z.string(), TagValue: z.string() })).optional(),
});

const CreateAlias = z.strictObject({
  AliasName: z
    .string()
    .regex(/^alias\/[a-zA-Z0-9/_-]{1,250}$/)
    .refine((name) => !name.startsWith("alias/aws/"), "alias/aws/ is reserved"),
  TargetKeyId: KeyReference,
});

export function keyOperations({ keys, now, putPolicy }: KmsContext): Readonly<Record<string, JsonOperation>> {
  const onKey = (action: string) => (input: { readonly KeyId: string }) => [
    { action: `kms:${action}`, resource: keyArn(keys.find(input.KeyId).keyId) },
  ];
  return {
    CreateKey: jsonOperation({
      input: CreateKey,
      needs: () => [{ action: "kms:CreateKey", resource: "*" }],
      answer: async (input) => {
        const spec = readSpec(input.KeySpec, input.KeyUsage);
        const policy = input.Policy === undefined ? {} : { policy: checkPolicy(input.Policy) };
        const key = await keys.create({ spec, description: input.Description, createdAt: now(), ...policy });
        putPolicy(key);
        return { KeyMetadata: describeKey(key) };
      },
    }),
    DescribeKey: jsonOperation({
      input: ByKey,
      needs: onKey("DescribeKey"),
      answer: (input) => ({ KeyMetadata: describeKey(keys.find(input.KeyId)) }),
    }),
    EnableKeyRotation: jsonOperation({
      input: ByKey,
      needs: onKey("EnableKeyRotation"),
      answer: async (input) => {
        const key = keys.find(input.KeyId);
        if (key.spec !== "SYMMETRIC_DEFAULT") {
          throw new AwsError("UnsupportedOperationException", 400, "Only symmetric keys rotate.");
        }
        await keys.enableRotation(key);
        return undefined;
      },
    }),
    CreateAlias: jsonOperation({
      input: CreateAlias,
      needs: (input) => [
        { action: "kms:CreateAlias", resource: aliasArn(input.AliasName) },
        { action: "kms:CreateAlias", resource: keyArn(keys.find(input.TargetKeyId).keyId) },
      ],
      answer: async (input) => {
        await keys.createAlias(input.AliasName, keys.find(input.TargetKeyId).keyId);
        return undefined;
      },
    }),
    ListAliases: jsonOperation({
      input: z.strictObject({ KeyId: KeyReference.optional() }),
      needs: () => [{ action: "kms:ListAliases", resource: "*" }],
      answer: (input) => {
        const only = input.KeyId === undefined ? undefined : keys.find(input.KeyId).keyId;
        const listed = keys.aliases.filter(([, keyId]) => only === undefined || keyId === only);
        return { Aliases: listed.map(([alias, keyId]) => describeAlias(alias, keyId)), Truncated: false };
      },
    }),
  };
}

function readSpec(spec: string, usage: string | undefined): Key["spec"] {
  if (spec === "SYMMETRIC_DEFAULT" && (usage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT") return spec;
  if (spec === "ECC_NIST_EDWARDS25519" && usage === "SIGN_VERIFY") return spec;
  if (spec === "ECC_NIST_EDWARDS25519") throw validationError(`KeyUsage of ${spec} is SIGN_VERIFY.`);
  throw notImplemented(`kms CreateKey with KeySpec ${spec} and KeyUsage ${usage}`);
}

/** Before the key is made, so that a bad policy does not leave a key behind. */
function checkPolicy(policy: string): string {
  try {
    readPolicy(JSON.parse(policy), "resource");
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new AwsError("MalformedPolicyDocumentException", 400, "The key policy is not JSON.");
    }
    throw cause;
  }
  return policy;
}

const MS_PER_SECOND = 1000;

function describeKey(key: Key): object {
  const signs = key.spec === "ECC_NIST_EDWARDS25519";
  return {
    KeyId: key.keyId,
    Arn: keyArn(key.keyId),
    CreationDate: key.createdAt / MS_PER_SECOND,
    Description: key.description,
    Enabled: true,
    KeyState: "Enabled",
    KeyManager: "CUSTOMER",
    Origin: "AWS_KMS",
    MultiRegion: false,
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    KeyUsage: signs ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
    ...(signs ? { SigningAlgorithms: ["ED25519_SHA_512"] } : { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] }),
  };
}

function describeAlias(alias: string, keyId: string): object {
  return { AliasName: alias, AliasArn: aliasArn(alias), TargetKeyId: keyId };
}
