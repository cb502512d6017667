/** The way in: EventBridge and signed webhooks, into one intake queue. */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { type CfnRule, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type * as z from "zod";
import type { ReceiveEnv } from "../../functions/env.ts";
import { intakeRules } from "./event-rules.ts";
import { NodeFunction } from "./node-function.ts";
import { WatchedQueue } from "./watched-queue.ts";

/** Under API Gateway's own 30 seconds, so that a sender gets our answer and not its time-out. */
const RECEIVE_TIMEOUT = Duration.seconds(20);
/** Requests a second, all senders together: GitHub sends a large organisation's events well below it. */
const RATE_LIMIT = { rateLimit: 200, burstLimit: 400 };
const SECRET_LENGTH = 48;
/**
 * Of the fields that an HTTP API knows, those that say what became of a webhook: with an error of its own, the function never saw it.
 * Nothing of what a sender may fill at will is among them, since API Gateway does not escape it.
 */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    route: "$context.routeKey",
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    error: AccessLogField.contextErrorMessage(),
    integrationError: "$context.integrationErrorMessage",
  }),
);

export interface IngestionProps {
  /** Sources that may send webhooks: each gets a secret of its own. */
  readonly webhookSources: readonly string[];
  /** Timeout of the function that records, for the queue's visibility. */
  readonly consumerTimeout: Duration;
  readonly alarmAction: IAlarmAction;
}

export class Ingestion extends Construct {
  readonly intake: WatchedQueue;
  /** Base URL of the HTTP API. */
  readonly url: string;
  readonly secrets: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, { webhookSources, consumerTimeout, alarmAction }: IngestionProps) {
    super(scope, id);
    this.intake = new WatchedQueue(this, "Intake", {
      consumerTimeout,
      maxWait: Duration.minutes(15),
      alarmAction,
      messages: "events",
      runbook: "events-that-could-not-be-recorded",
    });
    this.listenToEventBridge();
    this.secrets = new Map(webhookSources.map((source) => [source, this.createSecret(source)]));
    const stage = this.createApi(this.createReceiver(this.intake.queue));
    this.watch(stage, alarmAction);
    this.url = stage.url;
  }

  private listenToEventBridge(): void {
    for (const { id, description, pattern, includesReads } of intakeRules()) {
      const rule = new Rule(this, id, { description, eventPattern: pattern });
      // Deliveries that fail for 24 hours would be dropped: they go where the alarm looks.
      rule.addTarget(new SqsQueue(this.intake.queue, { deadLetterQueue: this.intake.deadLetters }));
      if (includesReads) {
        (rule.node.defaultChild as CfnRule).state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
      }
    }
  }

  private createSecret(source: string): Secret {
    const secret = new Secret(this, `${source}WebhookSecret`, {
      description: `Gatebook: the secret that ${source} signs its webhooks with. Enter it there.`,
      generateSecretString: { excludePunctuation: true, passwordLength: SECRET_LENGTH },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "The other half of this secret is in the sender's settings, which AWS cannot change: rotated on one side alone, every webhook would be refused. docs/operations.md#rotate-a-webhook-secret has the steps.",
    });
    return secret;
  }

  private createReceiver(queue: IQueue): NodeFunction {
    const arns = Object.fromEntries([...this.secrets].map(([source, { secretArn }]) => [source, secretArn]));
    const environment: z.infer<typeof ReceiveEnv> = {
      INTAKE_QUEUE_URL: queue.queueUrl,
      WEBHOOK_SECRET_ARNS: Stack.of(this).toJsonString(arns),
    };
    const receiver = new NodeFunction(this, "Receive", {
      name: "receive",
      description: "Checks a webhook's signature and puts it into the intake queue",
      environment: { ...environment },
      timeout: RECEIVE_TIMEOUT,
    });
    queue.grantSendMessages(receiver);
    for (const secret of this.secrets.values()) secret.grantRead(receiver);
    return receiver;
  }

  private createApi(receiver: NodeFunction): HttpStage {
    const api = new HttpApi(this, "Api", { createDefaultStage: false, apiName: "Gatebook" });
    const [route] = api.addRoutes({
      path: "/v1/webhooks/{source}",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Receive", receiver),
    });
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
    if (route !== undefined) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason:
          "GitHub and its like cannot sign with IAM or fetch a token: each request is authorised by functions/receive, which checks the sender's signature over the raw body, or its secret token, before anything else happens.",
      });
    }
    return stage;
  }

  // GitHub does not send again what was answered with an error: somebody has to ask it to, while it still remembers.
  private watch(stage: HttpStage, alarmAction: IAlarmAction): void {
    new Alarm(this, "ReceiveAlarm", {
      metric: stage.metricServerError({ period: Duration.minutes(5) }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "Gatebook failed to take some webhooks: their senders were told so and may not send them again. See docs/operations.md#webhooks-that-were-not-taken",
    }).addAlarmAction(alarmAction);
  }
}
