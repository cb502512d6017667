/** Where a running Gatebook is, local or deployed, and the clients to talk to it. */
import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { GatebookError } from "../../lib/core/errors.ts";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import { findCloud } from "../../lib/local/cloud-file.ts";

/** Of the local cloud, in the folder that the command is run in. */
export const STATE_FOLDER = ".gatebook";
/** By the name that bin/app.ts gives it; forwarders may be beside it. */
export const MAIN_STACK = "Gatebook";

const Outputs = z.object({
  IntakeQueueUrl: z.string(),
  MessageBucket: z.string(),
  IndexTable: z.string(),
  HeadTable: z.string(),
  EvidenceBucket: z.string(),
  LogOrigin: z.string(),
  LogShards: z.coerce.number().int().min(1).exactOptional(),
  SigningKeyArn: z.string().exactOptional(),
  GrantsUrl: z.string().exactOptional(),
  ReviewsUrl: z.string().exactOptional(),
  BreakGlassUrl: z.string().exactOptional(),
});
const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()));

export interface RunningStack {
  readonly name: string;
  readonly outputs: z.infer<typeof Outputs>;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly dynamoDb: DynamoDBClient;
  readonly kms: KMSClient;
}

export interface StackChoice {
  /** URL of a local cloud. */
  readonly to?: string;
  /** What `cdk deploy --outputs-file` wrote. */
  readonly outputs?: string;
}

/** @throws GatebookError `UNAVAILABLE` when nothing runs, `INPUT_INVALID` for a file that is none of outputs */
export async function findRunningStack({ to, outputs: file }: StackChoice): Promise<RunningStack> {
  if (file !== undefined) {
    const clients = { sqs: new SQSClient(), s3: new S3Client(), dynamoDb: new DynamoDBClient(), kms: new KMSClient() };
    return { name: file, outputs: readOutputs(file), ...clients };
  }
  const cloud = await findCloud(STATE_FOLDER);
  if (cloud === undefined || (to !== undefined && new URL(to).origin !== new URL(cloud.url).origin)) {
    const where = to === undefined ? "no Gatebook runs here" : `no Gatebook of this folder runs at ${to}`;
    throw new GatebookError(
      "UNAVAILABLE",
      `${where}: start one with 'npm start', or name a deployed one with --outputs`,
    );
  }
  const settings = settingsFor(cloud.url, LOCAL_OWNER_KEY);
  return {
    name: cloud.url,
    outputs: Outputs.parse(cloud.outputs),
    sqs: new SQSClient(settings),
    s3: new S3Client(settings),
    dynamoDb: new DynamoDBClient(settings),
    kms: new KMSClient(settings),
  };
}

function readOutputs(file: string): z.infer<typeof Outputs> {
  try {
    const { [MAIN_STACK]: stack } = OutputsFile.parse(JSON.parse(readFileSync(file, "utf8")));
    return Outputs.parse(stack);
  } catch (cause) {
    const advice = "make it with 'npx cdk deploy Gatebook --outputs-file FILE'";
    throw new GatebookError("INPUT_INVALID", `${file}: holds no outputs of a Gatebook stack; ${advice}`, { cause });
  }
}
