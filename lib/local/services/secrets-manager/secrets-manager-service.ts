/** AWS Secrets Manager (https://docs.aws.amazon.com/secretsmanager/latest/apireference/). */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError, type AwsService, type Permission } from "../../aws-service.ts";
import { jsonOperation, jsonService } from "../json-service.ts";
import { RandomPasswordSchema, randomPassword } from "./generate-secret.ts";
import {
  CURRENT,
  openSecretStore,
  putVersion,
  type Secret,
  type SecretStore,
  type SecretVersion,
  secretResource,
} from "./secret-store.ts";

const MAX_SECRET_BYTES = 65_536;
const MS_PER_SECOND = 1000;

const Value = {
  SecretString: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= MAX_SECRET_BYTES, `at most ${MAX_SECRET_BYTES} bytes`)
    .optional(),
  SecretBinary: z
    .base64()
    .refine((text) => Buffer.byteLength(text, "base64") <= MAX_SECRET_BYTES, `at most ${MAX_SECRET_BYTES} bytes`)
    .optional(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
};
const CreateSecret = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Description: z.string().optional(),
  KmsKeyId: z.string().optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
  ...Value,
});
const PutSecretValue = z.strictObject({
  SecretId: z.string(),
  VersionStages: z.array(z.string()).min(1).max(20).default([CURRENT]),
  ...Value,
});
const GetSecretValue = z.strictObject({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

export interface SecretsManagerOptions {
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export async function secretsManagerService({ directory, now }: SecretsManagerOptions): Promise<AwsService> {
  const store = await openSecretStore(directory);
  const needs = needsOf(store);
  return jsonService("secretsmanager", {
    CreateSecret: jsonOperation({
      input: CreateSecret,
      needs: (input) => [{ action: "secretsmanager:CreateSecret", resource: secretResource(store, input.Name) }],
      answer: async (input) => {
        const { Name: name, Description: description, KmsKeyId: kmsKeyId } = input;
        const details = { ...(description && { description }), ...(kmsKeyId && { kmsKeyId }) };
        const secret = store.create({ name, createdAt: now(), ...details });
        const version = hasValue(input) ? newVersion(input, [CURRENT], now()) : undefined;
        if (version !== undefined) putVersion(secret, version);
        await store.save();
        return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.versionId }) };
      },
    }),
    PutSecretValue: jsonOperation({
      input: PutSecretValue,
      needs: needs("PutSecretValue"),
      answer: async (input) => {
        const secret = mustFind(store, input.SecretId);
        const version = newVersion(input, input.VersionStages, now());
        putVersion(secret, version);
        await store.save();
        const { versionId, stages } = version;
        return { ARN: secret.arn, Name: secret.name, VersionId: versionId, VersionStages: stages };
      },
    }),
    GetSecretValue: jsonOperation({
      input: GetSecretValue,
      needs: needs("GetSecretValue"),
      answer: (input) => {
        const secret = mustFind(store, input.SecretId);
        return { ARN: secret.arn, Name: secret.name, ...describeVersion(findVersion(secret, input)) };
      },
    }),
    DescribeSecret: jsonOperation({
      input: z.strictObject({ SecretId: z.string() }),
      needs: needs("DescribeSecret"),
      answer: (input) => describeSecret(mustFind(store, input.SecretId)),
    }),
    GetRandomPassword: jsonOperation({
      input: RandomPasswordSchema,
      needs: () => [{ action: "secretsmanager:GetRandomPassword", resource: "*" }],
      answer: (input) => ({ RandomPassword: randomPassword(input) }),
    }),
  });
}

type Addressed = {
  readonly SecretId: string;
  readonly VersionId?: string | undefined;
  readonly VersionStage?: string | undefined;
};

function needsOf(store: SecretStore): (action: string) => (input: Addressed) => readonly Permission[] {
  return (action) => (input) => {
    const resource = secretResource(store, input.SecretId);
    const conditions = {
      "secretsmanager:SecretId": resource,
      ...(input.VersionId && { "secretsmanager:VersionId": input.VersionId }),
      ...(input.VersionStage && { "secretsmanager:VersionStage": input.VersionStage }),
    };
    return [{ action: `secretsmanager:${action}`, resource, conditions }];
  };
}

function mustFind(store: SecretStore, reference: string): Secret {
  const secret = store.find(reference);
  if (secret !== undefined) return secret;
  throw new AwsError("ResourceNotFoundException", 400, "Secrets Manager can't find the specified secret.");
}

interface NewValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
  readonly ClientRequestToken?: string | undefined;
}

function hasValue({ SecretString, SecretBinary }: NewValue): boolean {
  return SecretString !== undefined || SecretBinary !== undefined;
}

function newVersion(value: NewValue, stages: readonly string[], createdAt: number): SecretVersion {
  const { SecretString: string, SecretBinary: binary, ClientRequestToken: token } = value;
  if ((string === undefined) === (binary === undefined)) {
    throw new AwsError("InvalidRequestException", 400, "A version has either SecretString or SecretBinary.");
  }
  const content = { ...(string && { string }), ...(binary && { binary }) };
  return { versionId: token ?? randomUUID(), createdAt, stages: [...stages], ...content };
}

function findVersion(
  secret: Secret,
  { VersionId: id, VersionStage: stage }: z.infer<typeof GetSecretValue>,
): SecretVersion {
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  const version = secret.versions.find(
    ({ versionId, stages }) => (id ?? versionId) === versionId && (wanted === undefined || stages.includes(wanted)),
  );
  if (version !== undefined) return version;
  const missing = `Secrets Manager can't find the specified secret value for ${id ?? `staging label: ${wanted}`}`;
  throw new AwsError("ResourceNotFoundException", 400, missing);
}

function describeVersion({ versionId, createdAt, stages, string, binary }: SecretVersion): object {
  const content = { ...(string && { SecretString: string }), ...(binary && { SecretBinary: binary }) };
  return { VersionId: versionId, VersionStages: stages, CreatedDate: createdAt / MS_PER_SECOND, ...content };
}

function describeSecret({ arn, name, description, kmsKeyId, createdAt, changedAt, versions }: Secret): object {
  return {
    ARN: arn,
    Name: name,
    ...(description && { Description: description }),
    ...(kmsKeyId && { KmsKeyId: kmsKeyId }),
    CreatedDate: createdAt / MS_PER_SECOND,
    LastChangedDate: changedAt / MS_PER_SECOND,
    VersionIdsToStages: Object.fromEntries(versions.map(({ versionId, stages }) => [versionId, stages])),
  };
}
