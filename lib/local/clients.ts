/** AWS SDK clients that talk to the local cloud: under the owner's key, or under a function's. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { LOCAL_REGION } from "./aws-service.ts";

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  close(): void;
}

/** The gateway knows a caller by the key's id and checks no signature: any secret will do. */
export function settingsFor(url: string, accessKeyId: string) {
  return { endpoint: url, region: LOCAL_REGION, credentials: { accessKeyId, secretAccessKey: "local" } };
}

export function createClients(url: string, accessKeyId: string): Clients {
  const settings = settingsFor(url, accessKeyId);
  const clients = {
    dynamodb: new DynamoDBClient(settings),
    events: new EventBridgeClient(settings),
    kms: new KMSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secrets: new SecretsManagerClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
  };
  return {
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
