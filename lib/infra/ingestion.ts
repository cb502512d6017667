/** The way in: EventBridge, signed webhooks and a company's own events, into one intake queue. */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { type HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type * as z from "zod";
import type { ReceiveEnv } from "../../functions/env.ts";
import { CustomEvents } from "./custom-events.ts";
import { intakeRules } from "./event-rules.ts";
import type { Evidence } from "./evidence.ts";
import { createHttpApi } from "./http-api.ts";
import { allowRules, createIntakeRules } from "./intake-rules.ts";
import { LogServer } from "./log-server.ts";
import { NodeFunction } from "./node-function.ts";
import { WatchedQueue } from "./watched-queue.ts";

/** Under API Gateway's own 30 seconds, so that a sender gets our answer and not its time-out. */
const RECEIVE_TIMEOUT = Duration.seconds(20);
const SECRET_LENGTH = 48;

export interface IngestionProps {
  /** Sources that may send webhooks: each gets a secret of its own. */
  readonly webhookSources: readonly string[];
  /** Timeout of the function that records, for the queue's visibility. */
  readonly consumerTimeout: Duration;
  readonly alarmAction: IAlarmAction;
  /** Its staging area takes what is too large for the queue. */
  readonly evidence: Evidence;
  /** Where GitHub's deployments wait for the gate, where it is asked by any. */
  readonly gateRequests: WatchedQueue | undefined;
  /** ARN of the role that signs checkpoints: its signatures are no events. */
  readonly signer: string;
}

export class Ingestion extends Construct {
  readonly intake: WatchedQueue;
  readonly api: HttpApi;
  /** Base URL of the HTTP API. */
  readonly url: string;
  readonly secrets: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { webhookSources, consumerTimeout, alarmAction, evidence, gateRequests, signer } = props;
    this.intake = new WatchedQueue(this, "Intake", {
      consumerTimeout,
      maxWait: Duration.minutes(15),
      alarmAction,
      messages: "events",
      runbook: "events-that-could-not-be-recorded",
    });
    this.listenToEventBridge(signer);
    this.secrets = new Map(webhookSources.map((source) => [source, this.createSecret(source)]));
    const { api, stage } = createHttpApi(this, alarmAction);
    this.api = api;
    this.addWebhooks(api, this.createReceiver(evidence, gateRequests));
    new CustomEvents(this, "Events", { api, intake: this.intake, evidence });
    new LogServer(this, "Log", { api, evidence });
    this.url = stage.url;
  }

  private listenToEventBridge(signer: string): void {
    const { queue, deadLetters } = this.intake;
    // Deliveries that fail for 24 hours would be dropped: they go where the alarm looks.
    const rules = createIntakeRules(this, { rules: intakeRules({ signer }), targetArn: queue.queueArn, deadLetters });
    for (const each of [queue, deadLetters])
      allowRules(
        each,
        rules.map(({ ruleArn }) => ruleArn),
      );
  }

  private createSecret(source: string): Secret {
    const secret = new Secret(this, `${source}WebhookSecret`, {
      description: `Gatebook: the secret that ${source} proves its webhooks with. Enter it there.`,
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

  private createReceiver(evidence: Evidence, gateRequests: WatchedQueue | undefined): NodeFunction {
    const { queue } = this.intake;
    const arns = Object.fromEntries([...this.secrets].map(([source, { secretArn }]) => [source, secretArn]));
    const environment: z.infer<typeof ReceiveEnv> = {
      INTAKE_QUEUE_URL: queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
      WEBHOOK_SECRET_ARNS: Stack.of(this).toJsonString(arns),
      GATE_QUEUE_URL: gateRequests?.queue.queueUrl ?? "",
    };
    const receiver = new NodeFunction(this, "Receive", {
      name: "receive",
      description: "Checks a webhook's signature and puts it into the intake queue",
      environment: { ...environment },
      timeout: RECEIVE_TIMEOUT,
    });
    queue.grantSendMessages(receiver);
    gateRequests?.queue.grantSendMessages(receiver);
    evidence.grantStoreMessages(receiver, this);
    for (const secret of this.secrets.values()) secret.grantRead(receiver);
    return receiver;
  }

  private addWebhooks(api: HttpApi, receiver: NodeFunction): void {
    const [route] = api.addRoutes({
      path: "/v1/webhooks/{source}",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Receive", receiver),
    });
    if (route === undefined) return;
    Validations.of(route).acknowledge({
      id: "AwsSolutions-APIG4",
      reason:
        "GitHub and its like cannot sign with IAM or fetch a token: each request is authorised by functions/receive, which checks the sender's signature over the raw body, or its secret token, before anything else happens.",
    });
  }
}
