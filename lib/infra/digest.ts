/** Each minute: the function that mails together what waited. */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type * as z from "zod";
import type { DigestEnv } from "../../functions/env.ts";
import { NodeFunction } from "./node-function.ts";

/** Shorter than the lease of a run (lib/core/alerting/flush.ts): no two runs mail at once. */
const DIGEST_TIMEOUT = Duration.seconds(45);
const DIGEST_EVERY = Duration.minutes(1);
/** A run that failed once is made up for a minute later. */
const FAILING_MINUTES = 5;

export interface DigestProps {
  readonly notices: Table;
  readonly outbox: Table;
  readonly topic: Topic;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class Digest extends Construct {
  readonly mailer: NodeFunction;

  constructor(scope: Construct, id: string, { notices, outbox, topic, settings, alarmAction }: DigestProps) {
    super(scope, id);
    const environment: z.infer<typeof DigestEnv> = {
      NOTICE_TABLE: notices.tableName,
      OUTBOX_TABLE: outbox.tableName,
      ALERT_TOPIC_ARN: topic.topicArn,
    };
    this.mailer = new NodeFunction(this, "Mail", {
      name: "digest",
      description: "Mails together the findings that waited: repeats, and digests of storms",
      environment: { ...environment },
      timeout: DIGEST_TIMEOUT,
      companion: settings,
    });
    notices.grant(this.mailer, "dynamodb:PutItem", "dynamodb:GetItem");
    outbox.grant(this.mailer, "dynamodb:Query", "dynamodb:BatchWriteItem");
    // A minute that was missed is not made up for: the next one mails the same, and more.
    const once = { retryAttempts: 0, maxEventAge: DIGEST_EVERY };
    new Rule(this, "Minutely", {
      description: "Gatebook: mails findings that waited to be told together",
      schedule: Schedule.rate(DIGEST_EVERY),
      targets: [new LambdaFunction(this.mailer, once)],
    });
    new Alarm(this, "FailureAlarm", {
      metric: this.mailer.metricErrors({ period: DIGEST_EVERY }),
      threshold: 1,
      evaluationPeriods: FAILING_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Gatebook could not mail findings that wait to be told together, for ${FAILING_MINUTES} minutes: they wait on. See docs/operations.md#digests-that-could-not-be-mailed`,
    }).addAlarmAction(alarmAction);
  }
}
