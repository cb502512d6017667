/** From a finding to a mail: the findings queue, the functions that format, the topic that mails, the bus for machines. */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import type { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { EventBus } from "aws-cdk-lib/aws-events";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type * as z from "zod";
import type { NotifyEnv } from "../../functions/env.ts";
import type { Configuration } from "../core/configuration/configuration.ts";
import { createAlertTopic } from "./alert-topic.ts";
import { Digest } from "./digest.ts";
import type { EventIndex } from "./event-index.ts";
import { NodeFunction } from "./node-function.ts";
import { WatchedQueue } from "./watched-queue.ts";

const NOTIFY_TIMEOUT = Duration.seconds(30);
/** The fewest that AWS allows for an SQS event source. */
const MIN_CONCURRENCY = 2;

export interface AlertingProps {
  readonly alerts: Configuration["alerts"];
  /** Where a mail's "before and after" is read. */
  readonly index: EventIndex;
  /** Generated file with configuration and rules. */
  readonly settings: string;
}

export class Alerting extends Construct {
  readonly findings: WatchedQueue;
  /** Findings for machines: whoever wants them makes a rule on it. */
  readonly bus: EventBus;
  /** Tells the same people when Gatebook itself is in trouble. */
  readonly alarmAction: SnsAction;

  constructor(scope: Construct, id: string, { alerts, index, settings }: AlertingProps) {
    super(scope, id);
    const { topic, alarmAction } = createAlertTopic(this, alerts.email);
    this.alarmAction = alarmAction;
    this.findings = new WatchedQueue(this, "Findings", {
      consumerTimeout: NOTIFY_TIMEOUT,
      maxWait: Duration.minutes(10),
      alarmAction,
      messages: "findings",
      runbook: "findings-that-could-not-be-mailed",
    });
    this.bus = new EventBus(this, "Bus", { description: "Gatebook: findings, as OCSF Detection Findings" });
    const notices = this.createTable("Notices", "finding");
    const outbox = this.createTable("Waiting", "queue", "due");
    const environment: z.infer<typeof NotifyEnv> = {
      NOTICE_TABLE: notices.tableName,
      OUTBOX_TABLE: outbox.tableName,
      ALERT_TOPIC_ARN: topic.topicArn,
      INDEX_TABLE: index.table.tableName,
      FINDINGS_BUS_ARN: this.bus.eventBusArn,
      SECURITY_HUB_PRODUCT_ARN: this.securityHubProduct(),
    };
    const notifier = this.createNotifier(environment, settings);
    notices.grant(notifier, "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem");
    outbox.grant(notifier, "dynamodb:PutItem");
    // The table alone, without its secondary indexes: what a principal did is all that a mail asks.
    notifier.allow(["dynamodb:Query"], [index.table.tableArn]);
    this.bus.grantPutEventsTo(notifier);
    if (alerts.securityHub) notifier.allow(["securityhub:BatchImportFindings"], [this.securityHubProduct()]);
    const digest = new Digest(this, "Digest", { notices, outbox, topic, settings, alarmAction });
    for (const mailer of [notifier, digest.mailer]) topic.grantPublish(mailer);
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
      reason: "Publishing to an encrypted topic takes GenerateDataKey in either form, on this topic's own key alone.",
    });
  }

  private createTable(id: string, partition: string, sort?: string): Table {
    return new Table(this, id, {
      partitionKey: { name: partition, type: AttributeType.STRING },
      ...(sort !== undefined && { sortKey: { name: sort, type: AttributeType.STRING } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // What waits to be told has no end but being told.
      ...(sort === undefined && { timeToLiveAttribute: "expires" }),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private createNotifier(environment: z.infer<typeof NotifyEnv>, settings: string): NodeFunction {
    const notifier = new NodeFunction(this, "Notify", {
      name: "notify",
      description: "Makes a mail of a finding, or has a later one count it",
      environment: { ...environment },
      timeout: NOTIFY_TIMEOUT,
      companion: settings,
    });
    notifier.addEventSource(
      new SqsEventSource(this.findings.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: MIN_CONCURRENCY,
      }),
    );
    return notifier;
  }

  /** What an account's own findings go under (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html). */
  private securityHubProduct(): string {
    const stack = Stack.of(this);
    return stack.formatArn({ service: "securityhub", resource: "product", resourceName: `${stack.account}/default` });
  }
}
