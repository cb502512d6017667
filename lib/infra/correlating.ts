/** Each minute: the function that judges what could not be judged before its time was over. */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { CorrelateEnv } from "../../functions/env.ts";
import type { DetectionMemory } from "./detection-memory.ts";
import type { Evidence } from "./evidence.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** Shorter than until the next run; two at once would do no harm, and the same work. */
const CORRELATE_TIMEOUT = Duration.seconds(50);
const CORRELATE_EVERY = Duration.minutes(1);
/** A run that failed once is made up for a minute later. */
const FAILING_MINUTES = 5;

export interface CorrelatingProps {
  readonly detections: DetectionMemory;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class Correlating extends Construct {
  constructor(scope: Construct, id: string, { detections, intake, evidence, settings, alarmAction }: CorrelatingProps) {
    super(scope, id);
    const environment: z.infer<typeof CorrelateEnv> = {
      DETECTION_TABLE: detections.table.tableName,
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
    };
    const judge = new NodeFunction(this, "Correlate", {
      name: "correlate",
      description: "Judges the correlations whose time is over: few events, sums, averages",
      environment: { ...environment },
      timeout: CORRELATE_TIMEOUT,
      companion: settings,
    });
    detections.grantJudge(judge);
    intake.queue.grantSendMessages(judge);
    evidence.grantStoreMessages(judge, this);
    // A minute that was missed is not made up for: the next one judges the same, and more.
    const once = { retryAttempts: 0, maxEventAge: CORRELATE_EVERY };
    new Rule(this, "Minutely", {
      description: "Gatebook: judges the correlations whose time is over",
      schedule: Schedule.rate(CORRELATE_EVERY),
      targets: [new LambdaFunction(judge, once)],
    });
    new Alarm(this, "FailureAlarm", {
      metric: judge.metricErrors({ period: CORRELATE_EVERY }),
      threshold: 1,
      evaluationPeriods: FAILING_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Gatebook could not judge correlations whose time is over, for ${FAILING_MINUTES} minutes: they wait on. See docs/operations.md#correlations-that-could-not-be-judged`,
    }).addAlarmAction(alarmAction);
  }
}
