/** A batch of findings: each mailed, or sure to be counted in a later mail. Those that could not be told stay in the queue. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { dynamoDbPrincipalHistory } from "../lib/adapters/dynamodb-principal-history.ts";
import { eventBusFindings } from "../lib/adapters/event-bus-findings.ts";
import { parseFinding } from "../lib/core/alerting/finding-message.ts";
import { notify } from "../lib/core/alerting/notify.ts";
import { alerting } from "./alerting.ts";
import { NotifyEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { reportNotice } from "./report-notice.ts";

const env = NotifyEnv.parse(process.env);
const world = alerting(env);
// A mail waits for what happened before and after, but not for long.
const quick = { requestTimeout: 2_000, connectionTimeout: 1_000, throwOnRequestTimeout: true };
const indexClient = new DynamoDBClient({ maxAttempts: 2, requestHandler: quick });
const sinks = [eventBusFindings({ client: new EventBridgeClient(), bus: env.FINDINGS_BUS_ARN })];
if (world.configuration.alerts.securityHub) {
  const { securityHub } = await import("./security-hub.ts");
  sinks.push(securityHub(env.SECURITY_HUB_PRODUCT_ARN));
}
const history = dynamoDbPrincipalHistory({ client: indexClient, tableName: env.INDEX_TABLE });
const processor = new BatchProcessor(EventType.SQS);

async function handleFinding({ body, messageId }: SQSRecord): Promise<void> {
  const finding = parseFinding(body);
  const notice = await notify(finding, { ...world, history, sinks }).catch((error: Error) => {
    // The batch processor keeps the message in the queue and says nothing: the on-call needs the reason.
    logger.error("a finding could not be told", { finding: finding.uid, messageId, error });
    throw error;
  });
  reportNotice(finding, notice);
}

export const handler = observed((event: SQSEvent, context) =>
  // All failed is no reason to throw: the response names each, and SQS keeps them.
  processPartialResponse(event, handleFinding, processor, { context, throwOnFullBatchFailure: false }),
);
