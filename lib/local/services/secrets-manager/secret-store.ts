/** Secrets with their versions and stages, on disk (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html). */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from "../../aws-service.ts";
import { openStateFile } from "../state-file.ts";

const VersionSchema = z.object({
  versionId: z.string(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  stages: z.array(z.string()),
  string: z.string().optional(),
  /** Base64. */
  binary: z.string().optional(),
});

const SecretSchema = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
  kmsKeyId: z.string().optional(),
  createdAt: z.number(),
  changedAt: z.number(),
  versions: z.array(VersionSchema),
});

export type SecretVersion = z.infer<typeof VersionSchema>;
export type Secret = z.infer<typeof SecretSchema>;

export interface SecretStore {
  /** @throws AwsError `ResourceExistsException` where the name is taken. */
  create(secret: Pick<Secret, "name" | "description" | "kmsKeyId" | "createdAt">): Secret;
  /** By name or ARN; undefined if there is none. */
  find(reference: string): Secret | undefined;
  save(): Promise<void>;
}

export const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";
const PREFIX = `arn:aws:secretsmanager:${LOCAL_REGION}:${LOCAL_ACCOUNT}:secret:`;
/** Six characters, so that a policy for a secret of the past does not fit a new one of its name. */
const SUFFIX_BYTES = 3;

export async function openSecretStore(directory: string): Promise<SecretStore> {
  const file = await openStateFile(join(directory, "secrets.json"), z.array(SecretSchema), []);
  const secrets = file.state;
  return {
    create(secret) {
      if (secrets.some(({ name }) => name === secret.name)) {
        throw new AwsError("ResourceExistsException", 400, `The secret ${secret.name} already exists.`);
      }
      const arn = `${PREFIX}${secret.name}-${randomBytes(SUFFIX_BYTES).toString("hex")}`;
      const created: Secret = { ...secret, arn, changedAt: secret.createdAt, versions: [] };
      secrets.push(created);
      return created;
    },
    find: (reference) => secrets.find(({ arn, name }) => reference === arn || reference === name),
    save: file.save,
  };
}

/** What a permission for a secret is about, whether there is such a secret or not. */
export function secretResource(store: SecretStore, reference: string): string {
  return store.find(reference)?.arn ?? (reference.startsWith("arn:") ? reference : `${PREFIX}${reference}`);
}

/**
 * Adds a version and moves the stages to it; what loses AWSCURRENT becomes AWSPREVIOUS. The same version again is a no-op.
 *
 * @throws AwsError `ResourceExistsException` for a version id that holds another value.
 */
export function putVersion(secret: Secret, version: SecretVersion): void {
  const existing = secret.versions.find(({ versionId }) => versionId === version.versionId);
  if (existing !== undefined) {
    if (existing.string === version.string && existing.binary === version.binary) return;
    throw new AwsError("ResourceExistsException", 400, `Version ${version.versionId} holds another value already.`);
  }
  const last = secret.versions.find(({ stages }) => stages.includes(CURRENT));
  if (version.stages.includes(CURRENT) && last !== undefined) moveStage(secret, PREVIOUS, last);
  secret.versions.push({ ...version, stages: [] });
  for (const stage of version.stages) moveStage(secret, stage, secret.versions.at(-1));
  // A version without a stage is deprecated, and AWS deletes it.
  secret.versions = secret.versions.filter(({ stages }) => stages.length > 0);
  secret.changedAt = version.createdAt;
}

function moveStage(secret: Secret, stage: string, to: SecretVersion | undefined): void {
  for (const version of secret.versions) version.stages = version.stages.filter((other) => other !== stage);
  to?.stages.push(stage);
}
