/** The way out for evidence: the log over HTTP, for whoever the account's IAM lets read it. */
import { Duration } from "aws-cdk-lib";
import { type HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { Construct } from "constructs";
import type * as z from "zod";
import type { LogEnv } from "../../functions/env.ts";
import type { Evidence } from "./evidence.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";

export const LOG_PATH = "v1/log";
/** Under API Gateway's own 30 seconds. */
const TIMEOUT = Duration.seconds(20);

export interface LogServerProps {
  readonly api: HttpApi;
  readonly evidence: Evidence;
}

export class LogServer extends Construct {
  constructor(scope: Construct, id: string, { api, evidence }: LogServerProps) {
    super(scope, id);
    const environment: z.infer<typeof LogEnv> = { EVIDENCE_BUCKET: evidence.bucket.bucketName };
    const server = new NodeFunction(this, "Serve", {
      name: "log",
      description: "Serves the evidence log to readers whom IAM lets in",
      environment: { ...environment },
      timeout: TIMEOUT,
      memoryMiB: 1_024,
    });
    evidence.grantRead(server);
    addIamRoute(api, { id: "Log", path: `${LOG_PATH}/{path+}`, method: HttpMethod.GET }, server);
  }
}
