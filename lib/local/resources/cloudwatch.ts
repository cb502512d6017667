/** AWS::CloudWatch::Alarm: watched where the metric is a queue's length, reported where it is not. */
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { queueUrl } from "../queues.ts";
import { physicalName } from "./physical-name.ts";
import { resourceType } from "./resource-type.ts";

const MAX_NAME = 255;

const WATCHED_METRIC = "ApproximateNumberOfMessagesVisible";
const WATCHED_OPERATORS = ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"];

export const alarm = resourceType({
  properties: z.object({
    AlarmName: z.string().optional(),
    AlarmDescription: z.string().default(""),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    ComparisonOperator: z.string(),
    Threshold: z.coerce.number().optional(),
  }),
  withoutMeaning: [
    "ActionsEnabled",
    "AlarmActions",
    "DatapointsToAlarm",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "Metrics",
    "OKActions",
    "Period",
    "Statistic",
    "TreatMissingData",
    "Unit",
  ],
  make(properties, { stackName, logicalId }, { alarms, report, url }) {
    const { AlarmDescription, ComparisonOperator, Dimensions, MetricName, Namespace, Threshold } = properties;
    const name = properties.AlarmName ?? physicalName(stackName, logicalId, MAX_NAME);
    const queue = Dimensions.find(({ Name }) => Name === "QueueName")?.Value;
    const isQueueLength = Namespace === "AWS/SQS" && MetricName === WATCHED_METRIC && queue !== undefined;
    if (isQueueLength && WATCHED_OPERATORS.includes(ComparisonOperator) && Threshold !== undefined) {
      const threshold = ComparisonOperator === "GreaterThanThreshold" ? Threshold : Threshold - 1;
      alarms.push({ name, description: AlarmDescription, queue, queueUrl: queueUrl(url, queue), threshold });
    } else {
      report(
        `${logicalId} (AWS::CloudWatch::Alarm): not watched locally: ${Namespace ?? "an expression"} ${MetricName ?? ""}`,
      );
    }
    return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:${name}` } };
  },
});
