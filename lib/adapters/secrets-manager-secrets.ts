/** Webhook secrets in Secrets Manager. */
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** A rotated secret is known everywhere after this long. */
const CACHE_MS = 5 * 60 * 1000;

export interface SecretsManagerSecrets {
  readonly client: SecretsManagerClient;
  /** A source's name → its secret's ARN. */
  readonly arns: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns the secret of a source, fetched at most once in five minutes, or nothing for a source that has none */
export function secretsManagerSecrets({
  client,
  arns,
  now,
}: SecretsManagerSecrets): (source: string) => Promise<string | undefined> {
  const cache = new Map<string, { value: string; until: number }>();
  return async (source) => {
    if (!Object.hasOwn(arns, source)) return undefined;
    const cached = cache.get(source);
    if (cached !== undefined && cached.until > now()) return cached.value;
    const { SecretString: value } = await client.send(new GetSecretValueCommand({ SecretId: arns[source] }));
    if (value === undefined || value === "")
      throw new Error(`the secret ${arns[source]} of ${source} is empty or binary: store it as text`);
    cache.set(source, { value, until: now() + CACHE_MS });
    return value;
  };
}
