/** The verifier key of a running Gatebook, asked of the KMS key that signs its log. */
import { kmsVerifierKey } from "../../lib/adapters/kms-note-signer.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { ALL_SHARDS } from "../../lib/core/evidence/shard.ts";
import { shardKey } from "../../lib/core/evidence/shard-keys.ts";
import { formatVerifierKey, type VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import type { RunningStack } from "./running-stack.ts";

type Signing = Pick<RunningStack, "name" | "outputs" | "kms">;

/**
 * Of the log, or of its first shard, whose key is that of the others as well. Takes kms:GetPublicKey.
 *
 * @throws GatebookError `INPUT_INVALID` for outputs of a version that signed nothing
 */
export async function stackVerifierKey(stack: Signing): Promise<VerifierKey> {
  const { name, outputs, kms: client } = stack;
  const { SigningKeyArn: keyId, LogOrigin } = outputs;
  if (keyId === undefined) {
    throw new GatebookError("INPUT_INVALID", `${name}: has no output SigningKeyArn: deploy this version first`);
  }
  return kmsVerifierKey({ client, keyId, name: LogOrigin });
}

/** As people hand them on: a line for each. */
export function formatShardKeys(first: VerifierKey, shards: readonly number[]): string {
  return shards.map((shard) => formatVerifierKey(shardKey(first, shard))).join("\n");
}

/** Those that new events are spread over. */
export function configuredShards({ outputs }: Pick<RunningStack, "outputs">): number[] {
  return ALL_SHARDS.slice(0, outputs.LogShards ?? 1);
}
