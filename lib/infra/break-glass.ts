/** Emergency access afterwards: the route where it is explained, and the hourly look at what nobody has explained in time. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { BreakGlassEnv, OverdueBreakGlassEnv } from "../../functions/env.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";
import { grantPast, pastEnvironment, type RecordedPast } from "./recorded-past.ts";

export const BREAK_GLASS_PATH = "v1/break-glass";
/** Under API Gateway's own 30 seconds, so that whoever asks gets our answer and not its time-out. */
const ANSWER_TIMEOUT = Duration.seconds(20);
const LOOK_EVERY = Duration.hours(1);
const LOOK_TIMEOUT = Duration.minutes(5);
/** An hour that was missed is made up for by the next. */
const FAILING_HOURS = 2;

export interface BreakGlassProps extends RecordedPast {
  readonly api: HttpApi;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class BreakGlass extends Construct {
  private readonly props: BreakGlassProps;

  constructor(scope: Construct, id: string, props: BreakGlassProps) {
    super(scope, id);
    this.props = props;
    this.addRoute();
    this.addLook();
  }

  private addRoute(): void {
    const environment: z.infer<typeof BreakGlassEnv> = pastEnvironment(this.props);
    const answering = this.createFunction("Api", {
      name: "break-glass",
      description: "Lists what was done with emergency access, and takes explanations, from callers that IAM lets in",
      environment,
      timeout: ANSWER_TIMEOUT,
    });
    // Who may call is for the account to say; whose explanation counts, gatebook.yml does.
    addIamRoute(this.props.api, { id: "BreakGlass", path: BREAK_GLASS_PATH }, answering);
  }

  private addLook(): void {
    const environment: z.infer<typeof OverdueBreakGlassEnv> = pastEnvironment(this.props);
    const looking = this.createFunction("Overdue", {
      name: "overdue-break-glass",
      description: "Tells of emergency access that nobody has explained in time",
      environment,
      timeout: LOOK_TIMEOUT,
    });
    // The next hour does the same, and more.
    const once = { retryAttempts: 0, maxEventAge: LOOK_EVERY };
    new Rule(this, "Hourly", {
      description: "Gatebook: tells of emergency access that nobody has explained in time",
      schedule: Schedule.rate(LOOK_EVERY),
      targets: [new LambdaFunction(looking, once)],
    });
    new Alarm(this, "FailureAlarm", {
      metric: looking.metricErrors({ period: LOOK_EVERY }),
      threshold: 1,
      evaluationPeriods: FAILING_HOURS,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Gatebook could not look for emergency access that nobody has explained, for ${FAILING_HOURS} hours. See docs/operations.md#break-glass-could-not-be-looked-at`,
    }).addAlarmAction(this.props.alarmAction);
  }

  /** Both read what was recorded, and record what is said of it. */
  private createFunction(
    id: string,
    {
      environment,
      ...rest
    }: { name: string; description: string; timeout: Duration; environment: z.infer<typeof BreakGlassEnv> },
  ): NodeFunction {
    const { settings } = this.props;
    const made = new NodeFunction(this, id, { ...rest, environment: { ...environment }, companion: settings });
    grantPast(made, this.props, this);
    return made;
  }
}
