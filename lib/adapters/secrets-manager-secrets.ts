/** Webhook secrets in Secrets Manager. */
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** A rotated secret is known everywhere after this long. */
const CACHE_MS = 5 * 60 * 1000;

/** What was AWSCURRENT before is AWSPREVIOUS, and stays good until the next is put in its place: so a secret is rotated without a gap. */
const STAGES = ["AWSCURRENT", "AWSPREVIOUS"] as const;

export interface SecretsManagerSecrets {
  readonly client: SecretsManagerClient;
  /** A source's name → its secret's ARN. */
  readonly arns: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns the secrets that a source may use, newest first, fetched at most once in five minutes; none for a source that has none */
export function secretsManagerSecrets({
  client,
  arns,
  now,
}: SecretsManagerSecrets): (source: string) => Promise<readonly string[]> {
  const cache = new Map<string, { secrets: readonly string[]; until: number }>();
  return async (source) => {
    const arn = Object.hasOwn(arns, source) ? arns[source] : undefined;
    if (arn === undefined) return [];
    const cached = cache.get(source);
    if (cached !== undefined && cached.until > now()) return cached.secrets;
    const versions = await Promise.all(STAGES.map((stage) => fetchVersion(client, arn, stage)));
    const secrets = [...new Set(versions.filter((value) => value !== undefined))];
    cache.set(source, { secrets, until: now() + CACHE_MS });
    return secrets;
  };
}

async function fetchVersion(
  client: SecretsManagerClient,
  arn: string,
  stage: (typeof STAGES)[number],
): Promise<string | undefined> {
  try {
    const { SecretString: value } = await client.send(
      new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }),
    );
    if (value === undefined || value === "") throw new Error(`the secret ${arn} is empty or binary: store it as text`);
    return value;
  } catch (error) {
    // A secret that was never changed has no version before.
    if (stage === "AWSPREVIOUS" && error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
