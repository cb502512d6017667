/** A batch of findings: one mail each. Those that could not be published stay in the queue. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { dynamoDbNoticeStore } from "../lib/adapters/dynamodb-notice-store.ts";
import { snsAlertTopic } from "../lib/adapters/sns-alert-topic.ts";
import { parseFinding } from "../lib/core/alerting/finding-message.ts";
import { notify } from "../lib/core/alerting/notify.ts";
import { NotifyEnv } from "./env.ts";
import { logger, metrics, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = NotifyEnv.parse(process.env);
const notifier = {
  configuration: readSettings().configuration,
  notices: dynamoDbNoticeStore({ client: new DynamoDBClient(), tableName: env.NOTICE_TABLE }),
  topic: snsAlertTopic({ client: new SNSClient(), topicArn: env.ALERT_TOPIC_ARN }),
  now: Date.now,
};
const processor = new BatchProcessor(EventType.SQS);

async function handleFinding({ body, messageId }: SQSRecord): Promise<void> {
  const finding = parseFinding(body);
  const notice = await notify(finding, notifier).catch((error: Error) => {
    // The batch processor keeps the message in the queue and says nothing: the on-call needs the reason.
    logger.error("a finding could not be mailed", { finding: finding.uid, messageId, error });
    throw error;
  });
  // "message" is the logger's own key.
  logger.info("finding", { finding: finding.uid, rule: finding.rule.id, notice });
  if (notice.outcome === "mailed") metrics.addMetric("FindingMailed", "Count", 1);
}

export const handler = observed((event: SQSEvent, context) =>
  // All failed is no reason to throw: the response names each, and SQS keeps them.
  processPartialResponse(event, handleFinding, processor, { context, throwOnFullBatchFailure: false }),
);
