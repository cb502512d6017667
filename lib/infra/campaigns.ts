/** Access reviews of roles: the route where they are shown and decided, and the daily look that opens them and tells what is overdue. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { CampaignEnv, ReviewsEnv } from "../../functions/env.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";
import { grantPast, pastEnvironment, type RecordedPast } from "./recorded-past.ts";

export const REVIEWS_PATH = "v1/reviews";
/** Under API Gateway's own 30 seconds, so that whoever asks gets our answer and not its time-out. */
const ANSWER_TIMEOUT = Duration.seconds(25);
const LOOK_TIMEOUT = Duration.minutes(5);
/** Before people come to work in Europe. A day that was missed is made up for by the next. */
const DAILY = Schedule.cron({ minute: "25", hour: "5" });

export interface CampaignsProps extends RecordedPast {
  readonly api: HttpApi;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class Campaigns extends Construct {
  private readonly props: CampaignsProps;

  constructor(scope: Construct, id: string, props: CampaignsProps) {
    super(scope, id);
    this.props = props;
    this.addRoute();
    this.addLook();
  }

  private addRoute(): void {
    const environment: z.infer<typeof ReviewsEnv> = pastEnvironment(this.props);
    const answering = this.createFunction("Api", {
      name: "reviews",
      description: "Shows access reviews and takes decisions, from callers that IAM lets in",
      environment,
      timeout: ANSWER_TIMEOUT,
    });
    // Who may call is for the account to say; who certifies what, gatebook.yml does.
    addIamRoute(this.props.api, { id: "Reviews", path: REVIEWS_PATH }, answering);
  }

  private addLook(): void {
    const environment: z.infer<typeof CampaignEnv> = pastEnvironment(this.props);
    const looking = this.createFunction("Daily", {
      name: "campaign",
      description: "Opens the access reviews of a new period, and tells what is overdue in those that are open",
      environment,
      timeout: LOOK_TIMEOUT,
    });
    new Rule(this, "Rule", {
      description: "Gatebook: the daily look at access reviews",
      schedule: DAILY,
      targets: [new LambdaFunction(looking, { deadLetterQueue: this.props.intake.deadLetters })],
    });
    new Alarm(this, "FailureAlarm", {
      metric: looking.metricErrors({ period: Duration.hours(1) }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "Gatebook could not look at access reviews: none is opened, and nothing overdue is told. See docs/operations.md#access-reviews-could-not-be-looked-at",
    }).addAlarmAction(this.props.alarmAction);
  }

  /** Both read what was recorded of a campaign, and record what becomes of it. */
  private createFunction(
    id: string,
    {
      environment,
      ...rest
    }: { name: string; description: string; timeout: Duration; environment: z.infer<typeof CampaignEnv> },
  ): NodeFunction {
    const { settings } = this.props;
    const made = new NodeFunction(this, id, { ...rest, environment: { ...environment }, companion: settings });
    grantPast(made, this.props, this);
    return made;
  }
}
