/** The way in for a company's own tools: CloudEvents in requests that IAM has checked. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Construct } from "constructs";
import type * as z from "zod";
import type { EventsEnv } from "../../functions/env.ts";
import type { Evidence } from "./evidence.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

export const EVENTS_PATH = "v1/events";
/** Under API Gateway's own 30 seconds, so that a sender gets our answer and not its time-out. */
const TIMEOUT = Duration.seconds(20);
/** 4 MiB of nothing but empty objects take 650 MB while they are parsed and checked. */
const MEMORY_MIB = 1_024;

export interface CustomEventsProps {
  readonly api: HttpApi;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
}

export class CustomEvents extends Construct {
  constructor(scope: Construct, id: string, { api, intake, evidence }: CustomEventsProps) {
    super(scope, id);
    const environment: z.infer<typeof EventsEnv> = {
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
    };
    const receiver = new NodeFunction(this, "Receive", {
      name: "events",
      description: "Puts the CloudEvents of a company's own tools into the intake queue",
      environment: { ...environment },
      timeout: TIMEOUT,
      memoryMiB: MEMORY_MIB,
    });
    intake.queue.grantSendMessages(receiver);
    evidence.grantStoreMessages(receiver, this);
    // Who may invoke the route is for the account to say, in its own tools' policies.
    addIamRoute(api, { id: "Events", path: EVENTS_PATH }, receiver);
  }
}
