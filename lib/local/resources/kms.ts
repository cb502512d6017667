/** AWS::KMS::Key and ::Alias. */
import {
  AlreadyExistsException,
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  EnableKeyRotationCommand,
  type KMSClient,
} from "@aws-sdk/client-kms";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { Document, Flag, resourceType } from "./resource-type.ts";

export const key = resourceType({
  properties: z.object({
    KeySpec: z.string().default("SYMMETRIC_DEFAULT"),
    KeyUsage: z.string().default("ENCRYPT_DECRYPT"),
    KeyPolicy: Document,
    Description: z.string().optional(),
    EnableKeyRotation: Flag.default(false),
  }),
  withoutMeaning: ["PendingWindowInDays", "RotationPeriodInDays", "MultiRegion"],
  async make(properties, { stackName, logicalId }, { clients: { kms }, policies, identities }) {
    const known = identities.get(`${stackName}/${logicalId}`);
    const id = known ?? (await createKey(kms, properties));
    if (known === undefined) await identities.put(`${stackName}/${logicalId}`, id);
    const arn = `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/${id}`;
    policies.putResourcePolicy(arn, properties.KeyPolicy);
    if (properties.EnableKeyRotation) await kms.send(new EnableKeyRotationCommand({ KeyId: id }));
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
});

/** The service checks what kind of key it is asked for. */
async function createKey(
  kms: KMSClient,
  {
    KeySpec,
    KeyUsage,
    Description,
  }: Pick<CreateKeyCommandInput, "Description"> & { KeySpec: string; KeyUsage: string },
): Promise<string> {
  const input = { KeySpec, KeyUsage, ...(Description && { Description }) } as CreateKeyCommandInput;
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
  if (KeyMetadata?.KeyId === undefined) throw new LocalCloudError("DEPLOYMENT_FAILED", "KMS made a key without an id");
  return KeyMetadata.KeyId;
}

export const alias = resourceType({
  properties: z.object({ AliasName: z.string(), TargetKeyId: z.string() }),
  async make({ AliasName, TargetKeyId }, _, { clients: { kms } }) {
    try {
      await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    } catch (error) {
      if (!(error instanceof AlreadyExistsException)) throw error;
    }
    return { ref: AliasName, attributes: { AliasArn: `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${AliasName}` } };
  },
});
