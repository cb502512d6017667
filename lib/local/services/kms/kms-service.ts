/** AWS Key Management Service: Ed25519 signatures and symmetric encryption (https://docs.aws.amazon.com/kms/latest/APIReference/). */

import type { PolicyStore } from "../../authorisation/policy-store.ts";
import type { AwsService } from "../../aws-service.ts";
import { jsonService } from "../json-service.ts";
import { encryptionOperations } from "./encryption-operations.ts";
import { type KmsContext, keyOperations } from "./key-operations.ts";
import { keyArn, openKeyStore } from "./key-store.ts";
import { signingOperations } from "./signing-operations.ts";

export interface KmsServiceOptions {
  /** Where the keys are kept: they must outlive a restart, or no signature made before it could be verified. */
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Key policies take effect through it. */
  readonly policies: Pick<PolicyStore, "putResourcePolicy">;
}

export async function kmsService({ directory, now, policies }: KmsServiceOptions): Promise<AwsService> {
  const keys = await openKeyStore(directory);
  const putPolicy: KmsContext["putPolicy"] = (key) => {
    if (key.policy !== undefined) policies.putResourcePolicy(keyArn(key.keyId), JSON.parse(key.policy));
  };
  for (const key of keys.keys) putPolicy(key);
  return jsonService("TrentService", {
    ...keyOperations({ keys, now, putPolicy }),
    ...signingOperations(keys),
    ...encryptionOperations(keys),
  });
}
