/** The gate as a protection rule of a GitHub environment: each deployment that waits is answered at its callback URL. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { gitHubProtectionRule } from "../lib/adapters/github-protection-rule.ts";
import { secretsManagerSecrets } from "../lib/adapters/secrets-manager-secrets.ts";
import { sqsGateQueue } from "../lib/adapters/sqs-gate-queue.ts";
import { answerGitHub, askAgainAfter } from "../lib/core/gate/github-gate.ts";
import { readGitHubAsks } from "../lib/core/gate/github-request.ts";
import { GateGitHubEnv } from "./env.ts";
import { gateWorld } from "./gate-world.ts";
import { logger, metrics, observed } from "./observed.ts";

const env = GateGitHubEnv.parse(process.env);
const { GITHUB_API_URL: apiUrl, GITHUB_APP_ID: appId } = env;
const secretsOf = secretsManagerSecrets({
  client: new SecretsManagerClient(),
  arns: { key: env.GITHUB_KEY_ARN },
  now: Date.now,
});
const privateKey = async (): Promise<string> => (await secretsOf("key"))[0] ?? "";
const world = {
  ...gateWorld(env),
  apiUrl,
  answer: gitHubProtectionRule({ appId, apiUrl, privateKey, now: Date.now }),
};
const queue = sqsGateQueue({ client: new SQSClient(), queueUrl: env.GATE_QUEUE_URL });

/** One message at a time: what it throws for comes again, and in the end goes to the dead letters with an alarm. */
export const handler = observed(async ({ Records }: SQSEvent): Promise<void> => {
  for (const { body } of Records) {
    const asks = readGitHubAsks(body);
    const answer = await answerGitHub(asks, world);
    logger.info("the gate answered GitHub", { delivery: asks.delivery, repository: asks.repository, answer });
    if (answer === "wait") await queue.askAgain(body, askAgainAfter(asks, Date.now()));
    else metrics.addMetric(answer === "pass" ? "GatePassed" : "GateBlocked", "Count", 1);
  }
});
