/** The witness itself: an open API with one function behind it, which alone can cosign, and the alarms on both. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type * as z from "zod";
import type { WitnessEnv } from "../../functions/env.ts";
import type { Configuration } from "../core/configuration/configuration.ts";
import { ACCESS_LOG } from "./http-api.ts";
import { NodeFunction } from "./node-function.ts";
import type { SigningKey } from "./signing-key.ts";

const TIMEOUT = Duration.seconds(10);
/** Requests a second: a log asks once or twice a minute. */
const RATE_LIMIT = { rateLimit: 10, burstLimit: 20 };
const PERIOD = Duration.minutes(5);

export interface WitnessProps {
  /** That it cosigns under. */
  readonly name: string;
  readonly key: SigningKey;
  /** What it cosigned last. */
  readonly trees: Table;
  readonly logs: NonNullable<Configuration["witness"]>["logs"];
  readonly alarmAction: IAlarmAction;
}

export class Witness extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: WitnessProps) {
    super(scope, id);
    const api = new HttpApi(this, "Api", { createDefaultStage: false, apiName: "Gatebook witness" });
    this.addRoutes(api, this.createFunction(props));
    const accessLogs = new LogGroup(this, "ApiLogs", {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const stage = new HttpStage(this, "ApiStage", {
      httpApi: api,
      autoDeploy: true,
      throttle: RATE_LIMIT,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: ACCESS_LOG },
    });
    this.url = stage.url;
    this.watch(props.alarmAction, stage);
  }

  private createFunction({ name, key, trees, logs }: WitnessProps): NodeFunction {
    const environment: z.infer<typeof WitnessEnv> = {
      WITNESS_TABLE: trees.tableName,
      WITNESS_NAME: name,
      SIGNING_KEY_ARN: key.keyArn,
      WITNESSED_LOGS: JSON.stringify(logs),
    };
    const witness = new NodeFunction(this, "Cosign", {
      name: "witness",
      description: "Cosigns a log's checkpoint when it holds all that was cosigned before",
      environment: { ...environment },
      timeout: TIMEOUT,
    });
    key.grantSign(witness);
    trees.grant(witness, "dynamodb:GetItem", "dynamodb:PutItem");
    return witness;
  }

  private addRoutes(api: HttpApi, witness: NodeFunction): void {
    const integration = new HttpLambdaIntegration("Cosign", witness);
    const routes = [
      ...api.addRoutes({ path: "/add-checkpoint", methods: [HttpMethod.POST], integration }),
      ...api.addRoutes({ path: "/", methods: [HttpMethod.GET], integration }),
    ];
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason:
          "The witness protocol has no authentication but the log's signature on its checkpoint, which functions/witness checks before anything else; the key it tells is public.",
      });
    }
  }

  private watch(alarmAction: IAlarmAction, stage: HttpStage): void {
    const shared = {
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    new Alarm(this, "ContradictionAlarm", {
      ...shared,
      // As functions/witness.ts counts them; the dimension is Powertools' own.
      metric: new Metric({
        namespace: "Gatebook",
        metricName: "LogContradicted",
        dimensionsMap: { service: "witness" },
        statistic: Stats.SUM,
        period: PERIOD,
      }),
      alarmDescription:
        "A log signed a checkpoint that does not hold what this witness cosigned before: its history may have been rewritten. See docs/operations.md#a-log-contradicts-its-witness",
    }).addAlarmAction(alarmAction);
    new Alarm(this, "ServiceAlarm", {
      ...shared,
      metric: stage.metricServerError({ period: PERIOD }),
      alarmDescription:
        "The witness could not answer some requests; logs go on without it. See docs/operations.md#the-witness-does-not-answer",
    }).addAlarmAction(alarmAction);
  }
}
