/** The way in for CloudTrail's log files: from a bucket that is somebody else's to own, through a queue of their own. */
import { Duration, Lazy, Stack, Validations } from "aws-cdk-lib";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { type EventBus, type IEventBus, Rule } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type * as z from "zod";
import type { ImportEnv } from "../../functions/env.ts";
import { logFilesRule } from "./event-rules.ts";
import type { Evidence } from "./evidence.ts";
import { allowRules } from "./intake-rules.ts";
import { NodeFunction } from "./node-function.ts";
import { WatchedQueue } from "./watched-queue.ts";

/** A file of a gigabyte takes about two. */
const IMPORT_TIMEOUT = Duration.minutes(5);
/** One processor: gunzip and JSON are all that it does. */
const MEMORY_MIB = 1_769;
/** A hostile file fails alone. */
const BATCH_SIZE = 1;
/** An organisation has a file for each account and region every five minutes. */
const MAX_CONCURRENCY = 10;

export interface LogFilesProps {
  readonly bucketName: string;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  /** Where events of other accounts and regions arrive, if they do: an organisation's trail often has its bucket in one of those. */
  readonly forwarded?: EventBus | undefined;
  readonly alarmAction: IAlarmAction;
}

export class LogFiles extends Construct {
  readonly notices: WatchedQueue;

  constructor(scope: Construct, id: string, { bucketName, intake, evidence, forwarded, alarmAction }: LogFilesProps) {
    super(scope, id);
    const bucket = Bucket.fromBucketName(this, "Bucket", bucketName);
    this.notices = new WatchedQueue(this, "Notices", {
      consumerTimeout: IMPORT_TIMEOUT,
      maxWait: Duration.minutes(45),
      alarmAction,
      messages: "log files",
      runbook: "log-files-that-could-not-be-imported",
    });
    this.listen(bucketName, forwarded);
    this.allowOwnersWiring(bucket);
    this.createImporter(bucket, intake, evidence);
  }

  private listen(bucketName: string, forwarded: EventBus | undefined): void {
    const { queue, deadLetters } = this.notices;
    const rules = [undefined, ...(forwarded ? [forwarded] : [])].map((eventBus) => {
      const rule = new Rule(this, eventBus ? "ForwardedCreated" : "Created", {
        description: "Gatebook: log files that are put into the trail's bucket",
        eventPattern: logFilesRule(bucketName).pattern,
        // The CDK declares the interface without exactOptionalPropertyTypes in mind; an EventBus is one.
        ...(eventBus && { eventBus: eventBus as IEventBus }),
      });
      rule.addTarget({ bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: deadLetters.queueArn } }) });
      return rule.ruleArn;
    });
    for (const each of [queue, deadLetters]) allowRules(each, rules);
  }

  /**
   * Whoever has S3 or the trail's SNS topic tell queues already may name this one: S3 for the bucket, wherever it is, SNS for the topics of this
   * account. A message does no more than have a file of that one bucket read.
   */
  private allowOwnersWiring(bucket: IBucket): void {
    const { queue } = this.notices;
    const allow = (service: string, conditions: Record<string, unknown>): void => {
      const principals = [new ServicePrincipal(service)];
      const statement = { principals, actions: ["sqs:SendMessage"], resources: [queue.queueArn], conditions };
      queue.addToResourcePolicy(new PolicyStatement(statement));
    };
    allow("s3.amazonaws.com", { ArnEquals: { "aws:SourceArn": bucket.bucketArn } });
    allow("sns.amazonaws.com", { StringEquals: { "aws:SourceAccount": Stack.of(this).account } });
  }

  private createImporter(bucket: IBucket, intake: WatchedQueue, evidence: Evidence): void {
    const environment: z.infer<typeof ImportEnv> = {
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
      REJECTED_QUEUE_URL: this.notices.deadLetters.queueUrl,
      LOG_BUCKET: bucket.bucketName,
      OWN_ROLE_ARNS: Stack.of(this).toJsonString(Lazy.any({ produce: () => this.rolesOfTheStack() })),
    };
    const importer = new NodeFunction(this, "Import", {
      name: "import",
      description: "Reads log files and puts their records into the intake queue",
      environment: { ...environment },
      timeout: IMPORT_TIMEOUT,
      memoryMiB: MEMORY_MIB,
    });
    intake.queue.grantSendMessages(importer);
    evidence.grantStoreMessages(importer, this);
    this.notices.grantReject(importer);
    this.grantRead(importer, bucket);
    importer.addEventSource(
      new SqsEventSource(this.notices.queue, {
        batchSize: BATCH_SIZE,
        reportBatchItemFailures: true,
        maxConcurrency: MAX_CONCURRENCY,
      }),
    );
  }

  private grantRead(importer: NodeFunction, bucket: IBucket): void {
    const { partition } = Stack.of(this);
    importer.allow(["s3:GetObject"], [bucket.arnForObjects("*")]);
    importer.addToRolePolicy(
      new PolicyStatement({
        actions: ["kms:Decrypt"],
        resources: [`arn:${partition}:kms:*:*:key/*`],
        conditions: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
      }),
    );
    Validations.of(this).acknowledge(
      {
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket.bucketName}/*]`,
        reason:
          "A trail writes its files under prefixes of its owner's choice, and GitHub's audit-log stream under none.",
      },
      {
        id: "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:*:*:key/*]",
        reason:
          "The key is the bucket owner's, whose policy decides, and gatebook.yml does not name it. Through S3 alone, and of S3 this function may read but one bucket.",
      },
    );
  }

  /** Of all functions, whenever they are added to the stack. */
  private rolesOfTheStack(): string[] {
    const functions = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof NodeFunction);
    return functions.flatMap(({ role }) => role?.roleArn ?? []);
  }
}
