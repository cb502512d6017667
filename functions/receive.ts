/** A webhook: check the signature, enqueue, answer 202. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { secretsManagerSecrets } from "../lib/adapters/secrets-manager-secrets.ts";
import { sqsGateQueue } from "../lib/adapters/sqs-gate-queue.ts";
import { acceptWebhook } from "../lib/core/receive/accept-webhook.ts";
import { jsonReply } from "../lib/core/receive/answer-iam-request.ts";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { ReceiveEnv } from "./env.ts";
import { bodyOf } from "./http-body.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics, observed } from "./observed.ts";

const env = ReceiveEnv.parse(process.env);
const gate = sqsGateQueue({ client: new SQSClient(), queueUrl: env.GATE_QUEUE_URL });
const arns = JSON.parse(env.WEBHOOK_SECRET_ARNS);
const secretsOf = secretsManagerSecrets({ client: new SecretsManagerClient(), arns, now: Date.now });
const world = { secretsOf, intake: intakeQueue(env), askGate: gate.ask };

export const handler = observed(async (event: APIGatewayProxyEventV2): Promise<HttpReply> => {
  const source = event.pathParameters?.["source"] ?? "";
  const request = { source, headers: event.headers, body: bodyOf(event), receivedAt: Date.now() };
  try {
    const accepted = await acceptWebhook(request, world);
    metrics.addMetric(accepted.outcome === "accepted" ? "WebhookAccepted" : "WebhookRefused", "Count", 1);
    if (accepted.outcome === "accepted") return jsonReply(202, { id: accepted.id });
    logger.warn("webhook refused", { source, status: accepted.status, detail: accepted.detail });
    return problem(accepted.status, accepted.detail);
  } catch (error) {
    logger.error("a webhook could not be taken", error as Error);
    return problem(503, "The event could not be stored. Send it again.");
  }
});
