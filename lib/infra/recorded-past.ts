/** What a function needs that reads what was recorded, and has recorded what it makes of that. */
import { Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type * as z from "zod";
import type { CampaignEnv } from "../../functions/env.ts";
import type { EventIndex } from "./event-index.ts";
import type { Evidence } from "./evidence.ts";
import type { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

export interface RecordedPast {
  /** The log's name. */
  readonly origin: string;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  readonly index: EventIndex;
}

export function pastEnvironment({ origin, intake, evidence, index }: RecordedPast): z.infer<typeof CampaignEnv> {
  return {
    INTAKE_QUEUE_URL: intake.queue.queueUrl,
    MESSAGE_BUCKET: evidence.staging.bucketName,
    INDEX_TABLE: index.table.tableName,
    HEAD_TABLE: evidence.heads.tableName,
    EVIDENCE_BUCKET: evidence.bucket.bucketName,
    LOG_ORIGIN: origin,
  };
}

/** @param scope of the function: its reasons for what it may do stand there */
export function grantPast(reader: NodeFunction, { intake, evidence, index }: RecordedPast, scope: Construct): void {
  evidence.grantRead(reader);
  evidence.heads.grant(reader, "dynamodb:GetItem");
  index.table.grant(reader, "dynamodb:Query");
  intake.queue.grantSendMessages(reader);
  evidence.grantStoreMessages(reader, scope);
  Validations.of(scope).acknowledge({
    id: "AwsSolutions-IAM5[Resource::<IndexTable0C9C7D0C.Arn>/index/*]",
    reason: "The secondary indexes of this one table: what was recorded is found by its resource and its trace.",
  });
}
