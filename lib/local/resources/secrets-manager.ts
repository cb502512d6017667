/** AWS::SecretsManager::Secret and ::ResourcePolicy: a value is generated once and kept. */
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { LocalCloudError } from "../local-cloud-error.ts";
import { generateSecretString } from "../services/secrets-manager/generate-secret.ts";
import { physicalName } from "./physical-name.ts";
import { Document, resourceType } from "./resource-type.ts";

const MAX_NAME = 512;

export const secret = resourceType({
  properties: z.object({
    Name: z.string().optional(),
    Description: z.string().optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: Document.optional(),
  }),
  withoutMeaning: ["KmsKeyId"],
  async make(properties, { stackName, logicalId }, { clients: { secrets } }) {
    const { Description, SecretString, GenerateSecretString } = properties;
    const Name = properties.Name ?? physicalName(stackName, logicalId, MAX_NAME);
    const known = await arnOf(secrets, Name);
    if (known !== undefined) return { ref: known, attributes: { Id: known } };
    const value = SecretString ?? (GenerateSecretString && generateSecretString(GenerateSecretString));
    const input = { Name, ...(Description && { Description }), ...(value && { SecretString: value }) };
    const { ARN } = await secrets.send(new CreateSecretCommand(input));
    if (ARN === undefined) throw new LocalCloudError("DEPLOYMENT_FAILED", `Secret ${Name} was made without an ARN`);
    return { ref: ARN, attributes: { Id: ARN } };
  },
});

export const secretPolicy = resourceType({
  properties: z.object({ SecretId: z.string(), ResourcePolicy: Document }),
  withoutMeaning: ["BlockPublicPolicy"],
  make({ SecretId, ResourcePolicy }, { logicalId }, { policies }) {
    policies.putResourcePolicy(SecretId, ResourcePolicy);
    return { ref: logicalId };
  },
});

async function arnOf(secrets: SecretsManagerClient, name: string): Promise<string | undefined> {
  try {
    return (await secrets.send(new DescribeSecretCommand({ SecretId: name }))).ARN;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
