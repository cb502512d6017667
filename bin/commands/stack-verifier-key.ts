/** The verifier key of a running Gatebook, asked of the KMS key that signs its log. */
import { kmsVerifierKey } from "../../lib/adapters/kms-note-signer.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { formatVerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import type { RunningStack } from "./running-stack.ts";

/**
 * Takes kms:GetPublicKey.
 *
 * @throws GatebookError `INPUT_INVALID` for outputs of a version that signed nothing
 */
export async function stackVerifierKey(stack: Pick<RunningStack, "name" | "outputs" | "kms">): Promise<string> {
  const { name, outputs, kms: client } = stack;
  const { SigningKeyArn: keyId, LogOrigin } = outputs;
  if (keyId === undefined) {
    throw new GatebookError("INPUT_INVALID", `${name}: has no output SigningKeyArn: deploy this version first`);
  }
  return formatVerifierKey(await kmsVerifierKey({ client, keyId, name: LogOrigin }));
}
