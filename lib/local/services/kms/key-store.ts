/** The keys and aliases of the local KMS, on disk. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from "../../aws-service.ts";
import { openStateFile } from "../state-file.ts";

const KeySchema = z.object({
  keyId: z.string(),
  spec: z.enum(["ECC_NIST_EDWARDS25519", "SYMMETRIC_DEFAULT"]),
  description: z.string(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  rotates: z.boolean(),
  policy: z.string().optional(),
  /** PKCS #8 in DER, or the 256 bits of a symmetric key, in base64. */
  material: z.string(),
});

const StateSchema = z.object({ keys: z.array(KeySchema), aliases: z.array(z.tuple([z.string(), z.string()])) });

export type Key = z.infer<typeof KeySchema>;

export interface KeyStore {
  readonly keys: readonly Key[];
  readonly aliases: readonly (readonly [alias: string, keyId: string])[];
  create(key: Pick<Key, "spec" | "description" | "createdAt" | "policy">): Promise<Key>;
  /** @throws AwsError `NotFoundException`. Takes a key id, a key's ARN, an alias or an alias's ARN. */
  find(reference: string): Key;
  createAlias(alias: string, keyId: string): Promise<void>;
  enableRotation(key: Key): Promise<void>;
}

const PREFIX = `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:`;
const SYMMETRIC_KEY_BYTES = 32;

export const keyArn = (keyId: string): string => `${PREFIX}key/${keyId}`;
export const aliasArn = (alias: string): string => `${PREFIX}${alias}`;

export async function openKeyStore(directory: string): Promise<KeyStore> {
  const file = await openStateFile(join(directory, "kms.json"), StateSchema, { keys: [], aliases: [] });
  const { keys, aliases } = file.state;
  return {
    keys,
    aliases,
    async create(key) {
      const created: Key = { ...key, keyId: randomUUID(), rotates: false, material: newMaterial(key.spec) };
      keys.push(created);
      await file.save();
      return created;
    },
    find(reference) {
      const name = reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : reference;
      const keyId = aliases.find(([alias]) => alias === name)?.[1] ?? name.replace(/^key\//, "");
      const key = keys.find((candidate) => candidate.keyId === keyId);
      if (key === undefined) throw new AwsError("NotFoundException", 400, `Key '${reference}' does not exist`);
      return key;
    },
    async createAlias(alias, keyId) {
      if (aliases.some(([taken]) => taken === alias)) {
        throw new AwsError("AlreadyExistsException", 400, `An alias with the name ${aliasArn(alias)} already exists`);
      }
      aliases.push([alias, keyId]);
      await file.save();
    },
    async enableRotation(key) {
      key.rotates = true;
      await file.save();
    },
  };
}

export function privateKeyOf(key: Key): KeyObject {
  return createPrivateKey({ key: Buffer.from(key.material, "base64"), format: "der", type: "pkcs8" });
}

function newMaterial(spec: Key["spec"]): string {
  const bytes =
    spec === "SYMMETRIC_DEFAULT"
      ? randomBytes(SYMMETRIC_KEY_BYTES)
      : generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" });
  return bytes.toString("base64");
}
