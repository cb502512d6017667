/** The environment of a function's process: what Lambda sets, and what the template adds (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
import { LOCAL_REGION } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";

/** AWS refuses more, names and values together. */
const MAX_VARIABLES_BYTES = 4_096;
const NAME = /^[a-zA-Z]\w+$/;
const RESERVED = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

/** Throws TEMPLATE_INVALID for variables with which AWS would not create the function. */
export function requireValidVariables(variables: Readonly<Record<string, string>>): void {
  const refused = Object.keys(variables).filter((name) => RESERVED.has(name) || !NAME.test(name));
  if (refused.length > 0) {
    throw new LocalCloudError("TEMPLATE_INVALID", `variables that Lambda refuses: ${refused.join(", ")}`);
  }
  const size = Object.entries(variables).reduce((total, pair) => total + Buffer.byteLength(pair.join("")), 0);
  if (size > MAX_VARIABLES_BYTES) {
    throw new LocalCloudError("TEMPLATE_INVALID", `its variables have ${size} bytes, over Lambda's 4 KB`);
  }
}

export interface RuntimeVariables {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly codeDirectory: string;
  readonly logGroup: string;
  readonly accessKeyId: string;
  readonly endpoint: string;
}

export function runtimeVariables(settings: RuntimeVariables): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_ACCESS_KEY_ID: settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    AWS_ENDPOINT_URL: settings.endpoint,
    _HANDLER: settings.handler,
  };
}
