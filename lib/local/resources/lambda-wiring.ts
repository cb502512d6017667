/** AWS::Lambda::EventSourceMapping, ::EventInvokeConfig and ::Permission: what makes functions run. */
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { LOCAL_ACCOUNT } from "../aws-service.ts";
import { settingsFor } from "../clients.ts";
import { startMapping } from "../lambda/event-source-mapping.ts";
import type { LocalFunction } from "../lambda/local-function.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { queueNameOf, queueUrl } from "../queues.ts";
import { Count, Flag, notServed, resourceType } from "./resource-type.ts";
import { sendToTarget } from "./targets.ts";
import type { World } from "./world.ts";

/** Unless the template asks for another number; AWS scales up to hundreds. */
const POLLERS = 2;
const MAX_POLLERS = 4;
const DEFAULT_BATCH = 10;
const MAX_BATCH = 10_000;
const MS_PER_SECOND = 1_000;
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

export const eventSourceMapping = resourceType({
  properties: z.object({
    EventSourceArn: z.string().startsWith("arn:aws:sqs:", "only queues are served locally"),
    FunctionName: z.string(),
    BatchSize: Count.min(1).max(MAX_BATCH).default(DEFAULT_BATCH),
    MaximumBatchingWindowInSeconds: Count.max(300).default(0),
    Enabled: Flag.default(true),
    FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
    ScalingConfig: z.object({ MaximumConcurrency: Count.min(2).optional() }).optional(),
    FilterCriteria: notServed("a filter would delete messages unread"),
  }),
  make(properties, { logicalId }, world) {
    const { BatchSize, MaximumBatchingWindowInSeconds: window, EventSourceArn } = properties;
    if (BatchSize > DEFAULT_BATCH && window === 0) {
      throw new LocalCloudError("TEMPLATE_INVALID", `a batch of more than 10 needs a batching window`);
    }
    const target = world.functions.get(properties.FunctionName);
    const url = queueUrl(world.url, queueNameOf(EventSourceArn));
    const settings = {
      queueUrl: url,
      queueArn: EventSourceArn,
      batchSize: BatchSize,
      windowMs: window * MS_PER_SECOND,
      reportsBatchItemFailures: properties.FunctionResponseTypes.length > 0,
      concurrency: Math.min(properties.ScalingConfig?.MaximumConcurrency ?? POLLERS, MAX_POLLERS),
    };
    if (properties.Enabled) {
      world.startLater.push(async () => {
        requirePolling(world, target, EventSourceArn);
        const client = new SQSClient(settingsFor(world.url, target.settings.accessKeyId));
        const mapping = startMapping(settings, target, client, (line) => world.onLog(target.settings.name, line));
        return { stop: () => mapping.stop().finally(() => client.destroy()) };
      });
    }
    return { ref: logicalId, attributes: { Id: logicalId } };
  },
});

/** AWS refuses to make a mapping that its function's role could not poll. */
function requirePolling({ policies }: World, { settings }: LocalFunction, queueArn: string): void {
  const needs = POLLING.map((action) => ({ action, resource: queueArn }));
  const decision = policies.authorise(settings.roleArn, needs);
  if (decision.outcome === "denied") throw new LocalCloudError("DEPLOYMENT_FAILED", decision.reason);
}

const Destination = z.object({ Destination: z.string() }).optional();

export const eventInvokeConfig = resourceType({
  properties: z.object({
    FunctionName: z.string(),
    Qualifier: z.literal("$LATEST"),
    MaximumRetryAttempts: Count.max(2).optional(),
    DestinationConfig: z
      .object({ OnFailure: Destination, OnSuccess: notServed("destinations hear of failures only") })
      .optional(),
  }),
  withoutMeaning: ["MaximumEventAgeInSeconds"],
  make({ FunctionName, MaximumRetryAttempts, DestinationConfig }, { logicalId }, world) {
    const { roleArn, functionArn } = world.functions.get(FunctionName).settings;
    const destination = DestinationConfig?.OnFailure?.Destination;
    world.functions.configureAsynchronous(FunctionName, {
      ...(MaximumRetryAttempts !== undefined && { retries: MaximumRetryAttempts }),
      ...(destination !== undefined && {
        onFailure: async (event, { payload, error }) => {
          const failure = {
            version: "1.0",
            timestamp: new Date().toISOString(),
            requestContext: { functionArn: `${functionArn}:$LATEST`, condition: "RetriesExhausted" },
            requestPayload: JSON.parse(event.toString("utf8")),
            responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: error },
            responsePayload: JSON.parse(payload.toString("utf8")),
          };
          await sendToTarget(world, { caller: roleArn, targetArn: destination }, JSON.stringify(failure));
        },
      }),
    });
    return { ref: logicalId };
  },
});

export const permission = resourceType({
  properties: z.object({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  make({ Action, FunctionName, Principal, SourceArn }, { logicalId }, { functions, permissions, policies }) {
    const { functionArn } = functions.get(FunctionName).settings;
    const isService = Principal.endsWith(".amazonaws.com");
    const statement = {
      Effect: "Allow",
      Action,
      Resource: functionArn,
      Principal: isService ? { Service: Principal } : { AWS: Principal === "*" ? "*" : Principal },
      ...(SourceArn && { Condition: { ArnLike: { "aws:SourceArn": SourceArn } } }),
    };
    const statements = [...(permissions.get(functionArn) ?? []), statement];
    permissions.set(functionArn, statements);
    policies.putResourcePolicy(functionArn, { Version: "2012-10-17", Statement: statements });
    return { ref: logicalId, attributes: { Id: `${LOCAL_ACCOUNT}-${logicalId}` } };
  },
});
