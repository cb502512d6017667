/** Each minute: the function that looks again at what was judged before its delivery was known. */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type * as z from "zod";
import type { SecondLookEnv } from "../../functions/env.ts";
import type { GrantTable } from "./grant-table.ts";
import type { LookTable } from "./look-table.ts";
import { NodeFunction } from "./node-function.ts";
import { grantPast, pastEnvironment, type RecordedPast } from "./recorded-past.ts";

/** Shorter than until the next run; two at once would do no harm, and the same work. */
const LOOK_TIMEOUT = Duration.seconds(50);
const LOOK_EVERY = Duration.minutes(1);
/** A run that failed once is made up for a minute later. */
const FAILING_MINUTES = 5;

export interface SecondLookProps extends RecordedPast {
  readonly looks: LookTable;
  readonly grants: GrantTable;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class SecondLook extends Construct {
  constructor(scope: Construct, id: string, props: SecondLookProps) {
    super(scope, id);
    const looker = this.createLooker(props);
    // A minute that was missed is not made up for: the next one looks at the same, and more.
    const once = { retryAttempts: 0, maxEventAge: LOOK_EVERY };
    new Rule(this, "Minutely", {
      description: "Gatebook: looks again at approvals and merges, once more of their delivery is known",
      schedule: Schedule.rate(LOOK_EVERY),
      targets: [new LambdaFunction(looker, once)],
    });
    new Alarm(this, "FailureAlarm", {
      metric: looker.metricErrors({ period: LOOK_EVERY }),
      threshold: 1,
      evaluationPeriods: FAILING_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Gatebook could not look again at approvals whose delivery was not yet known, for ${FAILING_MINUTES} minutes: they wait on. See docs/operations.md#approvals-that-could-not-be-looked-at-again`,
    }).addAlarmAction(props.alarmAction);
  }

  private createLooker(props: SecondLookProps): NodeFunction {
    const { looks, index, grants, settings } = props;
    const environment: z.infer<typeof SecondLookEnv> = {
      ...pastEnvironment(props),
      LOOK_TABLE: looks.table.tableName,
      GRANT_TABLE: grants.table.tableName,
    };
    const looker = new NodeFunction(this, "Again", {
      name: "second-look",
      description: "Judges approvals and merges again, once more of their delivery is known",
      environment: { ...environment },
      timeout: LOOK_TIMEOUT,
      companion: settings,
      decidesAccess: true,
    });
    looks.grantSettle(looker);
    grantPast(looker, props, this);
    index.table.grant(looker, "dynamodb:BatchGetItem");
    grants.grantAsk(looker);
    return looker;
  }
}
