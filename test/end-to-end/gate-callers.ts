/** Who asks the running gate: a pipeline with a job, and any tool over HTTP. */
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { LOCAL_OWNER_KEY, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import {
  CodePipelineResults,
  JOBS_FILE,
  RESULTS_FILE,
} from "../../lib/local/services/codepipeline/codepipeline-service.ts";
import { outputOf, type RunningCloud } from "./running-cloud.ts";

const PIPELINE = "arn:aws:codepipeline:eu-west-1:111122223333:shop-release";

/** As the pipeline does: it has a job, and invokes the function with it. @returns what the job was answered */
export async function runJob(running: RunningCloud, execution: string | undefined, parameters: object) {
  const id = randomUUID();
  const directory = join(running.directory, "codepipeline");
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, JOBS_FILE),
    JSON.stringify({ [id]: { pipelineArn: PIPELINE, pipelineExecutionId: execution } }),
  );
  const configuration = { FunctionName: "gate", UserParameters: JSON.stringify(parameters) };
  const event = { "CodePipeline.job": { id, data: { actionConfiguration: { configuration } } } };
  const lambda = new LambdaClient(settingsFor(running.cloud.url, LOCAL_OWNER_KEY));
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: outputOf(running, "GateFunctionName"),
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
  lambda.destroy();
  expect(answer.FunctionError).toBeUndefined();
  const results = CodePipelineResults.parse(JSON.parse(readFileSync(join(directory, RESULTS_FILE), "utf8")));
  return results.filter(({ jobId }) => jobId === id);
}

export async function post(
  running: RunningCloud,
  body: object,
  accessKeyId = LOCAL_OWNER_KEY,
): Promise<readonly [status: number, answer: Answer]> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/${LOCAL_REGION}/execute-api/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(outputOf(running, "GateUrl"), {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [answer.status, (await answer.json()) as Answer];
}
interface Answer {
  readonly outcome?: string;
  readonly message?: string;
}
