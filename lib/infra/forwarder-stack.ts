/** What stands in another region or account and sends its events to Gatebook's bus: rules, a role, and a watched queue for what did not get there. */
import {
  ArnFormat,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  Duration,
  Fn,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
  type StackProps,
  Validations,
} from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Grant, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { intakeRules, logFilesRule } from "./event-rules.ts";
import { forwardedBusName } from "./forwarded-events.ts";
import { allowRules, createIntakeRules, ruleOf } from "./intake-rules.ts";

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

export interface ForwarderStackProps extends StackProps {
  readonly organisation: string;
  /** Where Gatebook itself is deployed. */
  readonly home: { readonly account: string; readonly region: string };
  /** The trail's bucket, which may be in this account: Gatebook hears of new log files by its bus then. */
  readonly logBucket?: string | undefined;
  /** Who is told when events do not get there. */
  readonly emails: readonly string[];
}

export class ForwarderStack extends Stack {
  constructor(scope: Construct, id: string, allProps: ForwarderStackProps) {
    const { organisation, home, emails, logBucket, ...props } = allProps;
    // No assets, so nothing to bootstrap: neither a region with a forwarder alone nor an account reached by a StackSet is.
    const synthesizer = new BootstraplessSynthesizer() as IStackSynthesizer;
    super(scope, id, { ...props, synthesizer });
    const bus = this.formatArn({
      service: "events",
      ...home,
      resource: "event-bus",
      resourceName: forwardedBusName(organisation),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("events.amazonaws.com") });
    Grant.addToPrincipal({ grantee: role, actions: ["events:PutEvents"], resourceArns: [bus] });
    const deadLetters = this.createDeadLetters();
    const taken = [...intakeRules(), ...(logBucket === undefined ? [] : [logFilesRule(logBucket)])];
    const rules = createIntakeRules(this, { rules: taken, targetArn: bus, role, deadLetters });
    allowRules(
      deadLetters,
      rules.map(({ ruleArn }) => ruleArn),
    );
    // At home the default bus has rules that lead straight into the intake queue: by these, each event would come twice.
    const elsewhere = this.createCondition(home);
    for (const rule of rules.map(ruleOf)) {
      rule.state = Fn.conditionIf(elsewhere.logicalId, rule.state, "DISABLED").toString();
    }
    this.watch(deadLetters, emails);
    new CfnOutput(this, "UndeliveredQueueUrl", {
      value: deadLetters.queueUrl,
      description: "Where events wait that did not reach Gatebook's bus",
    });
  }

  private createCondition({ account, region }: ForwarderStackProps["home"]): CfnCondition {
    const isHome = Fn.conditionAnd(Fn.conditionEquals(Aws.ACCOUNT_ID, account), Fn.conditionEquals(Aws.REGION, region));
    return new CfnCondition(this, "Elsewhere", { expression: Fn.conditionNot(isHome) });
  }

  private createDeadLetters(): Queue {
    const queue = new Queue(this, "Undelivered", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(queue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "This is a dead-letter queue itself, of EventBridge's rules: nobody receives from it but a person.",
    });
    return queue;
  }

  private watch(deadLetters: Queue, emails: readonly string[]): void {
    // An alarm reaches topics of its own region only.
    const topic = new Topic(this, "Topic", { displayName: "Gatebook forwarder", enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com", { conditions: this.ownAlarms() }));
    new Alarm(this, "UndeliveredAlarm", {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Events of account ${this.account} in ${this.region} did not reach Gatebook: they wait and are lost ${RETENTION.toDays()} days after they happened. See docs/operations.md#events-that-were-not-forwarded`,
    }).addAlarmAction(new SnsAction(topic));
  }

  private ownAlarms(): Record<string, Record<string, string>> {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const alarms = this.formatArn({ service: "cloudwatch", resource: "alarm", resourceName: "*", arnFormat });
    return { StringEquals: { "aws:SourceAccount": this.account }, ArnLike: { "aws:SourceArn": alarms } };
  }
}
