/** A queue that loses nothing in silence: what fails often enough goes to its dead-letter queue, and an alarm says so. */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** The longest that SQS keeps a message, counted from when it was sent: moving it to the dead letters gives it no new time. */
const RETENTION = Duration.days(14);
/** AWS asks for at least five, so that throttling alone sends nothing to the dead letters. */
const MAX_RECEIVES = 5;
/** A message hidden for less than six times its function's timeout can be handed out while it is still worked on. */
const VISIBILITY_PER_TIMEOUT = 6;

export interface WatchedQueueProps {
  /** The timeout of the function that works on the messages. */
  readonly consumerTimeout: Duration;
  /** How long a message may wait before somebody is told. */
  readonly maxWait: Duration;
  readonly alarmAction: IAlarmAction;
  /** What the messages are, for the alarms' texts: "events", "findings". */
  readonly messages: string;
  /** Where docs/operations.md says what to do. */
  readonly runbook: string;
}

export class WatchedQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: WatchedQueueProps) {
    super(scope, id);
    // Keys managed by SQS: EventBridge can deliver without a key policy, and there is no key to lose.
    const encryption = QueueEncryption.SQS_MANAGED;
    const shared = { encryption, enforceSSL: true, retentionPeriod: RETENTION, removalPolicy: RemovalPolicy.RETAIN };
    this.deadLetters = new Queue(this, "DeadLetters", shared);
    this.queue = new Queue(this, "Queue", {
      ...shared,
      visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * props.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.watch(props);
  }

  /** Lets somebody put messages aside with a reason, instead of having them tried again and again. */
  grantReject(grantee: IGrantable): void {
    this.deadLetters.grantSendMessages(grantee);
  }

  private watch({ alarmAction, maxWait, messages, runbook }: WatchedQueueProps): void {
    const period = Duration.minutes(1);
    const common = {
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    const see = `See docs/operations.md#${runbook}`;
    new Alarm(this, "DeadLettersAlarm", {
      ...common,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period }),
      threshold: 0,
      alarmDescription: `Gatebook could not handle some ${messages}: they wait in the dead-letter queue and are lost ${RETENTION.toDays()} days after they were sent. ${see}`,
    }).addAlarmAction(alarmAction);
    new Alarm(this, "DelayAlarm", {
      ...common,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period }),
      threshold: maxWait.toSeconds(),
      alarmDescription: `Gatebook is behind: ${messages} have waited for more than ${maxWait.toMinutes()} minutes. ${see}`,
    }).addAlarmAction(alarmAction);
  }
}
