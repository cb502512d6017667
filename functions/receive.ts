/** A webhook: check the signature, enqueue, answer 202. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { secretsManagerSecrets } from "../lib/adapters/secrets-manager-secrets.ts";
import { sqsGateQueue } from "../lib/adapters/sqs-gate-queue.ts";
import { gitHubQuestion } from "../lib/core/gate/github-request.ts";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { receiveWebhook } from "../lib/core/receive/receive-webhook.ts";
import { ReceiveEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics, observed } from "./observed.ts";

const env = ReceiveEnv.parse(process.env);
const intake = intakeQueue(env);
const gate = sqsGateQueue({ client: new SQSClient(), queueUrl: env.GATE_QUEUE_URL });
const arns = JSON.parse(env.WEBHOOK_SECRET_ARNS);
const secretsOf = secretsManagerSecrets({ client: new SecretsManagerClient(), arns, now: Date.now });

export const handler = observed(async (event: APIGatewayProxyEventV2): Promise<HttpReply> => {
  const source = event.pathParameters?.["source"] ?? "";
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  const request = { source, headers: event.headers, body, receivedAt: Date.now() };
  const reception = await receiveWebhook(request, secretsOf);
  if (reception.outcome === "refused") {
    logger.warn("webhook refused", { source, status: reception.status, detail: reception.detail });
    metrics.addMetric("WebhookRefused", "Count", 1);
    return problem(reception.status, reception.detail);
  }
  try {
    // 202 promises that the event will be recorded: not before the queue has it.
    const [id] = await intake.send([reception.message]);
    const question = gitHubQuestion(source, request);
    if (question !== undefined) await gate.ask(question);
    metrics.addMetric("WebhookAccepted", "Count", 1);
    return { statusCode: 202, headers: { "content-type": "application/json" }, body: JSON.stringify({ id }) };
  } catch (error) {
    logger.error("the intake queue did not take a webhook", error as Error);
    return problem(503, "The event could not be stored. Send it again.");
  }
});
