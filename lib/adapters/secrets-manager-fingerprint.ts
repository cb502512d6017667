/** Fingerprints of secrets by the log's own key, which is in Secrets Manager. */
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GatebookError } from "../core/errors.ts";
import { fingerprinter } from "../core/redaction/fingerprint.ts";
import type { Fingerprint } from "../core/redaction/secret-range.ts";

export interface FingerprintKey {
  readonly client: SecretsManagerClient;
  /** Of the secret that is the key: random text of 32 characters at least. */
  readonly arn: string;
}

/**
 * @returns what fetches the key when it is first asked, and keeps it as long as the process lives; after a failure the next call tries again.
 * It rejects with UNAVAILABLE where the key cannot be read or is no key.
 */
export function secretsManagerFingerprint({ client, arn }: FingerprintKey): () => Promise<Fingerprint> {
  let known: Promise<Fingerprint> | undefined;
  return () => {
    known ??= fetchKey(client, arn).catch((cause: unknown) => {
      known = undefined;
      throw new GatebookError(
        "UNAVAILABLE",
        `the key for fingerprints cannot be read from ${arn}: see that it exists, is text of 32 characters at least, and that this function may read it`,
        { cause },
      );
    });
    return known;
  };
}

async function fetchKey(client: SecretsManagerClient, arn: string): Promise<Fingerprint> {
  const { SecretString: key = "" } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  return fingerprinter(Buffer.from(key));
}
