/** The scheduled look at who has access: users without MFA, keys that are too old. */
import { Duration, Validations } from "aws-cdk-lib";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { ReviewEnv } from "../../functions/env.ts";
import type { Evidence } from "./evidence.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** A first credential report of a large account takes minutes. */
const REVIEW_TIMEOUT = Duration.minutes(5);
/** Before people come to work in Europe, and long after AWS's four hours between two reports. */
const DAILY = Schedule.cron({ minute: "15", hour: "5" });

export interface ReviewProps {
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  readonly alarmAction: IAlarmAction;
  /** Generated file with configuration and rules. */
  readonly settings: string;
}

export class Review extends Construct {
  constructor(scope: Construct, id: string, { intake, evidence, alarmAction, settings }: ReviewProps) {
    super(scope, id);
    const environment: z.infer<typeof ReviewEnv> = {
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
    };
    const reviewer = new NodeFunction(this, "Review", {
      name: "review",
      description: "Reads the IAM credential report and reports users without MFA and old keys",
      environment: { ...environment },
      timeout: REVIEW_TIMEOUT,
      companion: settings,
    });
    intake.queue.grantSendMessages(reviewer);
    evidence.grantStoreMessages(reviewer, this);
    reviewer.allow(["iam:GenerateCredentialReport", "iam:GetCredentialReport"], ["*"]);
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "The credential report is the account's, not a resource's: its two actions can be granted on * only.",
    });
    new Rule(this, "Daily", {
      description: "Gatebook: the daily look at users, MFA and keys",
      schedule: DAILY,
      targets: [new LambdaFunction(reviewer, { deadLetterQueue: intake.deadLetters })],
    });
    new Alarm(this, "FailureAlarm", {
      metric: reviewer.metricErrors({ period: Duration.hours(1) }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "Gatebook's daily look at IAM's credential report failed. See docs/operations.md#the-review-failed",
    }).addAlarmAction(alarmAction);
  }
}
