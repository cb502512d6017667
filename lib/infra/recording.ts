/** From the intake queue to the evidence log: the function that records. */
import { Duration, Validations } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type * as z from "zod";
import type { RecordEnv } from "../../functions/env.ts";
import { DetectionMemory } from "./detection-memory.ts";
import type { EventIndex } from "./event-index.ts";
import { type Evidence, logOriginOf } from "./evidence.ts";
import { FingerprintKey } from "./fingerprint-key.ts";
import type { GrantTable } from "./grant-table.ts";
import type { LookTable } from "./look-table.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

export const RECORD_TIMEOUT = Duration.seconds(60);
/** Events to a batch: one append to the log costs the same for one event as for hundreds. */
const BATCH_SIZE = 1_000;
const BATCH_WINDOW = Duration.seconds(1);
/** The fewest that AWS allows for an SQS event source: one writer at a time would be enough, the head decides between two. */
const MIN_CONCURRENCY = 2;
const MEMORY_MIB = 1_024;

export interface RecordingProps {
  readonly organisation: string;
  /** How many shards of the log events are spread over. */
  readonly shards: number;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  readonly index: EventIndex;
  readonly findings: WatchedQueue;
  readonly looks: LookTable;
  readonly grants: GrantTable;
  /** Generated file with configuration and rules. */
  readonly settings: string;
}

export class Recording extends Construct {
  readonly origin: string;
  readonly detections: DetectionMemory;

  constructor(
    scope: Construct,
    id: string,
    { organisation, shards, intake, evidence, index, findings, looks, grants, settings }: RecordingProps,
  ) {
    super(scope, id);
    this.origin = logOriginOf(this, organisation);
    const fingerprintKey = new FingerprintKey(this, "FingerprintKey");
    this.detections = new DetectionMemory(this, "Detections");
    const environment: Record<keyof z.infer<typeof RecordEnv>, string> = {
      LOG_ORIGIN: this.origin,
      LOG_SHARDS: String(shards),
      HEAD_TABLE: evidence.heads.tableName,
      INDEX_TABLE: index.table.tableName,
      DETECTION_TABLE: this.detections.table.tableName,
      GRANT_TABLE: grants.table.tableName,
      EVIDENCE_BUCKET: evidence.bucket.bucketName,
      STAGING_BUCKET: evidence.staging.bucketName,
      LOCK_MODE: evidence.mode,
      FINDINGS_QUEUE_URL: findings.queue.queueUrl,
      LOOK_TABLE: looks.table.tableName,
      REJECTED_QUEUE_URL: intake.deadLetters.queueUrl,
      FINGERPRINT_KEY_ARN: fingerprintKey.secretArn,
    };
    const recorder = new NodeFunction(this, "Record", {
      name: "record",
      description: "Turns events into evidence and findings",
      environment: { ...environment },
      timeout: RECORD_TIMEOUT,
      memoryMiB: MEMORY_MIB,
      companion: settings,
      decidesAccess: true,
    });
    evidence.grantAppend(recorder);
    this.detections.grantRemember(recorder);
    looks.grantNote(recorder);
    grants.grantAsk(recorder);
    fingerprintKey.grantRead(recorder);
    evidence.grantFetchMessages(recorder, this);
    // Narrower than the constructs' grantReadWriteData, which also scans, updates and deletes.
    index.table.grant(recorder, "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:Query");
    findings.queue.grantSendMessages(recorder);
    intake.grantReject(recorder);
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Resource::<IndexTable0C9C7D0C.Arn>/index/*]",
      reason: "The secondary indexes of this one table: a delivery is found by its resource and its trace.",
    });
    recorder.addEventSource(
      new SqsEventSource(intake.queue, {
        batchSize: BATCH_SIZE,
        maxBatchingWindow: BATCH_WINDOW,
        reportBatchItemFailures: true,
        maxConcurrency: MIN_CONCURRENCY,
      }),
    );
  }
}
