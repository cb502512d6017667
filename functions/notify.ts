/** A batch of findings: each mailed, or sure to be counted in a later mail. Those that could not be told stay in the queue. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { dynamoDbPrincipalHistory } from "../lib/adapters/dynamodb-principal-history.ts";
import { parseFinding } from "../lib/core/alerting/finding-message.ts";
import { notify } from "../lib/core/alerting/notify.ts";
import { alerting } from "./alerting.ts";
import { NotifyEnv } from "./env.ts";
import { findingSinks } from "./finding-sinks.ts";
import { logger, observed } from "./observed.ts";
import { reportNotice } from "./report-notice.ts";

const env = NotifyEnv.parse(process.env);
const world = alerting(env);
// A mail waits for what happened before and after, but not for long.
const quick = { requestTimeout: 2_000, connectionTimeout: 1_000, throwOnRequestTimeout: true };
const indexClient = new DynamoDBClient({ maxAttempts: 2, requestHandler: quick });
const sinks = await findingSinks(env, world.configuration.alerts);
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
