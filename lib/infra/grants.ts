/** Roles for a while: the route where they are asked for, and the minute's look at those that are over. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { CloseGrantsEnv, GrantsEnv } from "../../functions/env.ts";
import type { Evidence } from "./evidence.ts";
import type { GrantTable } from "./grant-table.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

export const GRANTS_PATH = "v1/grants";
/** Under API Gateway's own 30 seconds, so that whoever asks gets our answer and not its time-out. */
const ANSWER_TIMEOUT = Duration.seconds(20);
const CLOSE_EVERY = Duration.minutes(1);
const CLOSE_TIMEOUT = Duration.seconds(50);
/** A run that failed once is made up for a minute later. */
const FAILING_MINUTES = 5;

export interface GrantsProps {
  readonly api: HttpApi;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  readonly grants: GrantTable;
  /** Whose trust policies may be changed: none where nothing is enforced. */
  readonly enforcedRoles: readonly string[];
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class Grants extends Construct {
  private readonly props: GrantsProps;

  constructor(scope: Construct, id: string, props: GrantsProps) {
    super(scope, id);
    this.props = props;
    this.addRoute();
    this.addClosing();
  }

  private addRoute(): void {
    const environment: z.infer<typeof GrantsEnv> = this.environment();
    const answering = this.createFunction("Api", {
      name: "grants",
      description:
        "Takes requests for roles for a while, their approvals and revocations, from callers that IAM lets in",
      environment,
      timeout: ANSWER_TIMEOUT,
    });
    // Who may call is for the account to say; who may ask and who may approve, gatebook.yml does.
    addIamRoute(this.props.api, { id: "Grants", path: GRANTS_PATH }, answering);
  }

  private addClosing(): void {
    const environment: z.infer<typeof CloseGrantsEnv> = this.environment();
    const closing = this.createFunction("Close", {
      name: "close-grants",
      description: "Ends the roles for a while whose time is over",
      environment,
      timeout: CLOSE_TIMEOUT,
    });
    const { enforcedRoles } = this.props;
    if (enforcedRoles.length > 0) closing.allow(["iam:GetRole", "iam:UpdateAssumeRolePolicy"], enforcedRoles);
    // A minute that was missed is not made up for: the next one does the same, and more.
    const once = { retryAttempts: 0, maxEventAge: CLOSE_EVERY };
    new Rule(this, "Minutely", {
      description: "Gatebook: ends the roles for a while whose time is over",
      schedule: Schedule.rate(CLOSE_EVERY),
      targets: [new LambdaFunction(closing, once)],
    });
    new Alarm(this, "FailureAlarm", {
      metric: closing.metricErrors({ period: CLOSE_EVERY }),
      threshold: 1,
      evaluationPeriods: FAILING_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Gatebook could not end roles for a while whose time is over, for ${FAILING_MINUTES} minutes. See docs/operations.md#grants-that-could-not-be-ended`,
    }).addAlarmAction(this.props.alarmAction);
  }

  private environment(): z.infer<typeof GrantsEnv> {
    const { intake, evidence, grants } = this.props;
    return {
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
      GRANT_TABLE: grants.table.tableName,
    };
  }

  /** Both read and change grants, and record what they do. */
  private createFunction(
    id: string,
    {
      environment,
      ...rest
    }: { name: string; description: string; timeout: Duration; environment: z.infer<typeof GrantsEnv> },
  ): NodeFunction {
    const { intake, evidence, grants, settings } = this.props;
    const made = new NodeFunction(this, id, { ...rest, environment: { ...environment }, companion: settings });
    grants.grantChange(made);
    intake.queue.grantSendMessages(made);
    evidence.grantStoreMessages(made, this);
    return made;
  }
}
