/** The log's newest state for everybody to verify: each minute the head, signed; each day the seal on its tail. */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Grant } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type * as z from "zod";
import type { PublishEnv, SealEnv } from "../../functions/env.ts";
import type { Configuration } from "../core/configuration/configuration.ts";
import { watchCosignatures } from "./cosignature-alarm.ts";
import type { EventIndex } from "./event-index.ts";
import type { Evidence } from "./evidence.ts";
import type { LookTable } from "./look-table.ts";
import { NodeFunction } from "./node-function.ts";
import { SigningKey } from "./signing-key.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** A staged batch of the largest size can be finished in it. */
const PUBLISH_TIMEOUT = Duration.seconds(60);
const PUBLISH_EVERY = Duration.minutes(1);
const SEAL_TIMEOUT = Duration.seconds(60);
/** Long before the day's other work, and after the night's. */
const DAILY = Schedule.cron({ minute: "45", hour: "3" });
/** A publication that failed once is made up for a minute later. */
const FAILING_MINUTES = 5;
/** As often as Lambda tries: the first two may find a partial that is just being stored. */
const SEAL_TRIES = 3;

export interface PublishingProps {
  /** The name of the log's first shard. */
  readonly origin: string;
  /** How many shards new events are spread over. */
  readonly shards: number;
  readonly evidence: Evidence;
  readonly index: EventIndex;
  readonly findings: WatchedQueue;
  readonly looks: LookTable;
  /** Who is asked to cosign checkpoints. */
  readonly witnesses: Configuration["evidence"]["witnesses"];
  readonly alarmAction: IAlarmAction;
}

export class Publishing extends Construct {
  readonly keyArn: string;
  /** ARN of the role that signs, which nobody else has. */
  readonly signer: string;

  constructor(scope: Construct, id: string, props: PublishingProps) {
    super(scope, id);
    const key = new SigningKey(this, "Signing");
    const publisher = this.createPublisher(props, key);
    this.keyArn = key.keyArn;
    this.signer = publisher.ownRole.roleArn;
    const sealer = this.createSealer(props);
    // A minute that was missed is not made up for: the next one publishes the same, and more.
    const once = { retryAttempts: 0, maxEventAge: PUBLISH_EVERY };
    new Rule(this, "Minutely", {
      description: "Gatebook: publishes the log's head, signed",
      schedule: Schedule.rate(PUBLISH_EVERY),
      targets: [new LambdaFunction(publisher, once)],
    });
    new Rule(this, "Daily", {
      description: "Gatebook: the daily seal on the newest evidence",
      schedule: DAILY,
      targets: [new LambdaFunction(sealer)],
    });
    this.watch(props.alarmAction, publisher, sealer);
    if (props.witnesses.length > 0) watchCosignatures(this, props.alarmAction);
  }

  private createPublisher(
    { origin, shards, evidence, index, findings, looks, witnesses }: PublishingProps,
    key: SigningKey,
  ): NodeFunction {
    const environment: Record<keyof z.infer<typeof PublishEnv>, string> = {
      LOG_ORIGIN: origin,
      LOG_SHARDS: String(shards),
      HEAD_TABLE: evidence.heads.tableName,
      INDEX_TABLE: index.table.tableName,
      EVIDENCE_BUCKET: evidence.bucket.bucketName,
      STAGING_BUCKET: evidence.staging.bucketName,
      LOCK_MODE: evidence.mode,
      FINDINGS_QUEUE_URL: findings.queue.queueUrl,
      LOOK_TABLE: looks.table.tableName,
      SIGNING_KEY_ARN: key.keyArn,
      WITNESSES: JSON.stringify(witnesses),
    };
    const publisher = new NodeFunction(this, "Publish", {
      name: "publish",
      description: "Signs the log's head and publishes it as a checkpoint",
      environment: { ...environment },
      timeout: PUBLISH_TIMEOUT,
      // What recording staged has to fit.
      memoryMiB: 1_024,
    });
    evidence.grantPublish(publisher);
    key.grantSign(publisher);
    // What finishing somebody else's append takes, and no more: it looks nothing up.
    Grant.addToPrincipal({
      grantee: publisher,
      actions: ["dynamodb:BatchWriteItem"],
      resourceArns: [index.table.tableArn],
    });
    looks.grantNote(publisher);
    findings.queue.grantSendMessages(publisher);
    return publisher;
  }

  private createSealer({ origin, evidence }: PublishingProps): NodeFunction {
    const environment: Record<keyof z.infer<typeof SealEnv>, string> = {
      LOG_ORIGIN: origin,
      HEAD_TABLE: evidence.heads.tableName,
      EVIDENCE_BUCKET: evidence.bucket.bucketName,
      LOCK_MODE: evidence.mode,
      RETENTION_DAYS: String(evidence.retention.toDays()),
    };
    const sealer = new NodeFunction(this, "Seal", {
      name: "seal",
      description: "Locks the newest tiles and entries for the whole retention",
      environment: { ...environment },
      timeout: SEAL_TIMEOUT,
    });
    evidence.grantSeal(sealer);
    return sealer;
  }

  private watch(alarmAction: IAlarmAction, publisher: NodeFunction, sealer: NodeFunction): void {
    const shared = {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    new Alarm(this, "CheckpointAlarm", {
      ...shared,
      metric: publisher.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: FAILING_MINUTES,
      alarmDescription: `Gatebook has not published a checkpoint for ${FAILING_MINUTES} minutes. See docs/operations.md#the-checkpoint-is-old`,
    }).addAlarmAction(alarmAction);
    new Alarm(this, "SealAlarm", {
      ...shared,
      metric: sealer.metricErrors({ period: Duration.hours(1) }),
      threshold: SEAL_TRIES,
      evaluationPeriods: 1,
      alarmDescription:
        "Gatebook could not seal the newest evidence: left so for 14 days, it is cleared away where the log does not grow. See docs/operations.md#the-tail-was-not-sealed",
    }).addAlarmAction(alarmAction);
  }
}
