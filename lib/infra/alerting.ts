/** From a finding to a mail: the findings queue, the function that formats, the topic that mails. */
import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type * as z from "zod";
import type { NotifyEnv } from "../../functions/env.ts";
import { NodeFunction } from "./node-function.ts";
import { WatchedQueue } from "./watched-queue.ts";

const NOTIFY_TIMEOUT = Duration.seconds(30);
/** The fewest that AWS allows for an SQS event source. */
const MIN_CONCURRENCY = 2;

export interface AlertingProps {
  readonly emails: readonly string[];
  /** Generated file with configuration and rules. */
  readonly settings: string;
}

export class Alerting extends Construct {
  readonly topic: Topic;
  readonly findings: WatchedQueue;
  /** Tells the same people when Gatebook itself is in trouble. */
  readonly alarmAction: SnsAction;

  constructor(scope: Construct, id: string, { emails, settings }: AlertingProps) {
    super(scope, id);
    // CloudWatch alarms cannot publish to a topic under AWS's own key; nothing is stored under this one for longer than a delivery.
    const key = new Key(this, "Key", {
      description: "Gatebook: alerts on their way",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.topic = new Topic(this, "Topic", { displayName: "Gatebook", masterKey: key, enforceSSL: true });
    // What publishing to an encrypted topic takes (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    key.grant(this.alarms(), "kms:Decrypt", "kms:GenerateDataKey*");
    this.topic.grantPublish(this.alarms());
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    this.alarmAction = new SnsAction(this.topic);

    this.findings = new WatchedQueue(this, "Findings", {
      consumerTimeout: NOTIFY_TIMEOUT,
      maxWait: Duration.minutes(10),
      alarmAction: this.alarmAction,
      messages: "findings",
      runbook: "findings-that-could-not-be-mailed",
    });
    this.createNotifier(settings);
  }

  /** CloudWatch on behalf of this account's alarms, and of nobody else's. */
  private alarms(): ServicePrincipal {
    const stack = Stack.of(this);
    const arn = {
      service: "cloudwatch",
      resource: "alarm",
      resourceName: "*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    };
    return new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: {
        StringEquals: { "aws:SourceAccount": stack.account },
        ArnLike: { "aws:SourceArn": stack.formatArn(arn) },
      },
    });
  }

  private createNotifier(settings: string): void {
    const notices = new Table(this, "Notices", {
      partitionKey: { name: "finding", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "expires",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const environment: z.infer<typeof NotifyEnv> = {
      NOTICE_TABLE: notices.tableName,
      ALERT_TOPIC_ARN: this.topic.topicArn,
    };
    const notifier = new NodeFunction(this, "Notify", {
      name: "notify",
      description: "Makes one mail of one finding, once",
      environment: { ...environment },
      timeout: NOTIFY_TIMEOUT,
      companion: settings,
    });
    notices.grant(notifier, "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem");
    this.topic.grantPublish(notifier);
    notifier.addEventSource(
      new SqsEventSource(this.findings.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: MIN_CONCURRENCY,
      }),
    );
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
      reason: "Publishing to an encrypted topic takes GenerateDataKey in either form, on this topic's own key alone.",
    });
  }
}
