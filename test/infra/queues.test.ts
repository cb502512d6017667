/** Nothing is lost in silence: what fails lands in a dead-letter queue, and an alarm tells somebody what to do. */
import { describe, expect, test } from "vitest";
import { ADMINISTRATOR, policiesOf } from "./policies.ts";
import { anchorIn, hasRunbook, runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);

const queues = gatebook.ofType("AWS::SQS::Queue");
const deadLetterArns = new Set(queues.flatMap(({ Properties }) => Properties.RedrivePolicy?.deadLetterTargetArn ?? []));
const working = queues.filter(({ logicalId }) => !deadLetterArns.has(gatebook.arnOf(logicalId)));
const alarms = gatebook.ofType("AWS::CloudWatch::Alarm");
const alarmsOn = (queueId: string, metric: string) =>
  alarms.filter(
    ({ Properties }) => Properties.MetricName === metric && Properties.Dimensions[0]?.Value === `${queueId}.QueueName`,
  );

test("there are queues to look at", () => expect(working.length).toBeGreaterThanOrEqual(2));

describe.each(working)("$logicalId", ({ logicalId, Properties }) => {
  const deadLetters = queues.find(
    (queue) => gatebook.arnOf(queue.logicalId) === Properties.RedrivePolicy?.deadLetterTargetArn,
  );

  test("gives up on a message after at least five tries, into its dead-letter queue", () => {
    expect(deadLetters).toBeDefined();
    expect(Properties.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
  });

  test("has an alarm from the first dead letter on", () => {
    const [alarm] = alarmsOn(deadLetters?.logicalId ?? "", "ApproximateNumberOfMessagesVisible");
    expect(alarm?.Properties).toMatchObject({
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
      Statistic: "Maximum",
    });
  });

  test("has an alarm when its messages wait, long before they expire", () => {
    const [alarm] = alarmsOn(logicalId, "ApproximateAgeOfOldestMessage");
    expect(alarm?.Properties.Threshold).toBeLessThanOrEqual(3_600);
  });

  test("hides a message for six times as long as its function may take", () => {
    const mappings = gatebook
      .ofType("AWS::Lambda::EventSourceMapping")
      .filter((mapping) => mapping.Properties.EventSourceArn === gatebook.arnOf(logicalId));
    expect(mappings).toHaveLength(1);
    for (const { Properties: mapping } of mappings) {
      const { Timeout } = gatebook.only("AWS::Lambda::Function", mapping.FunctionName).Properties;
      expect(Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
      expect(mapping.FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
      // A function throttled by its own concurrency would use up the tries of messages that it never saw.
      expect(mapping.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });
});

describe.each(queues)("$logicalId", ({ logicalId, Properties }) => {
  test("is encrypted, and keeps messages for as long as SQS can", () => {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 3_600);
  });

  test("is spoken to over TLS alone", () => {
    const arn = gatebook.arnOf(logicalId);
    expect(may(ADMINISTRATOR, "sqs:SendMessage", arn)).toBe(true);
    expect(may(ADMINISTRATOR, "sqs:SendMessage", arn, { "aws:SecureTransport": "false" })).toBe(false);
  });
});

describe.each(alarms)("the alarm $logicalId", ({ Properties }) => {
  const anchor = anchorIn(Properties.AlarmDescription);

  test("says what to do about it", () => expect(anchor).toBeDefined());

  test.skipIf(!hasRunbook)("is in the runbook", () => expect(runbookAnchors()).toContain(anchor));

  test("mails, and stays silent while there is nothing to measure", () => {
    expect(Properties.AlarmActions).toEqual([gatebook.arnOf(gatebook.only("AWS::SNS::Topic", "").logicalId)]);
    expect(Properties.TreatMissingData).toBe("notBreaching");
  });
});

test("a webhook that got no answer, and a review that failed, have their alarms", () => {
  const watched = alarms.map(({ Properties: { Namespace, MetricName } }) => `${Namespace} ${MetricName}`);
  expect(watched).toEqual(expect.arrayContaining(["AWS/ApiGateway 5xx", "AWS/Lambda Errors"]));
});
