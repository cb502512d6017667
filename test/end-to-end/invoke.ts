/** Runs a function of the running stack as its schedule does, and waits for it. */
import { randomUUID } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import { functionName } from "./assembly.ts";
import type { RunningCloud } from "./running-cloud.ts";

/**
 * @param service the function's name under functions/
 * @returns the name of the error that it failed with, or undefined
 */
export async function invokeAnyhow({ cloud }: RunningCloud, service: string): Promise<string | undefined> {
  const lambda = new LambdaClient(settingsFor(cloud.url, LOCAL_OWNER_KEY));
  const event = {
    id: randomUUID(),
    time: new Date().toISOString(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
  };
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: await functionName(service), Payload }));
  lambda.destroy();
  if (answer.FunctionError === undefined) return undefined;
  return Buffer.from(answer.Payload ?? []).toString();
}

export async function invoke(running: RunningCloud, service: string): Promise<void> {
  expect(await invokeAnyhow(running, service)).toBeUndefined();
}
