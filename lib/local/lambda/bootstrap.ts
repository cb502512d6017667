/** Runs inside each function's process: loads the handler and serves the Lambda runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). */
import { existsSync, realpathSync } from "node:fs";
import { request } from "node:http";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Handler = (event: unknown, context: object) => unknown;

interface Answer {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

const API = process.env["AWS_LAMBDA_RUNTIME_API"] ?? "";
const TASK_ROOT = realpathSync(process.env["LAMBDA_TASK_ROOT"] ?? ".");
const TASK_ROOT_URL = `${pathToFileURL(TASK_ROOT).href}/`;
/** Packages that Lambda's own runtime offers to a function. */
const OFFERED_BY_LAMBDA = /^@(aws-sdk|smithy)\//;

let currentRequest: string | undefined;

stayInsideTheBundle();
process.on("uncaughtException", (error) => void die(error));
process.on("unhandledRejection", (error) => void die(error));
await serve(await load());

/** What the bundle lacks must be missing here too, though this machine's node_modules may lie further up. */
function stayInsideTheBundle(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!context.parentURL?.startsWith(TASK_ROOT_URL)) return next(specifier, context);
      if (OFFERED_BY_LAMBDA.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith("file:") || resolved.url.startsWith(TASK_ROOT_URL)) return resolved;
      const code = context.conditions.includes("require") ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND";
      throw Object.assign(new Error(`Cannot find '${specifier}': it is not in the function's bundle`), { code });
    },
  });
}

async function load(): Promise<Handler> {
  try {
    const [file = "", name = ""] = (process.env["_HANDLER"] ?? "").split(".");
    const path = [".js", ".mjs", ".cjs"].map((ending) => join(TASK_ROOT, file + ending)).find((one) => existsSync(one));
    if (path === undefined) throw named("Runtime.ImportModuleError", `Cannot find module '${file}'`);
    const module: Record<string, unknown> = path.endsWith(".cjs")
      ? createRequire(import.meta.url)(path)
      : await import(pathToFileURL(path).href);
    const exports = (name in module ? module : module["default"]) as Record<string, unknown> | undefined;
    const handler = exports?.[name];
    if (typeof handler !== "function") {
      throw named("Runtime.HandlerNotFound", `${file}.${name} is undefined or not exported`);
    }
    return handler as Handler;
  } catch (error) {
    console.error(JSON.stringify(describe(error)));
    await call("POST", "/init/error", JSON.stringify(describe(error)));
    process.exit(1);
  }
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call("GET", "/invocation/next");
    const id = String(headers["lambda-runtime-aws-request-id"]);
    currentRequest = id;
    process.env["_X_AMZN_TRACE_ID"] = String(headers["lambda-runtime-trace-id"]);
    const [outcome, payload] = await run(handler, body, headers);
    currentRequest = undefined;
    await call("POST", `/invocation/${id}/${outcome}`, payload);
  }
}

async function run(
  handler: Handler,
  body: string,
  headers: Answer["headers"],
): Promise<["response" | "error", string]> {
  try {
    const result = await handler(JSON.parse(body), contextOf(headers));
    return ["response", result === undefined ? "null" : JSON.stringify(result)];
  } catch (error) {
    const payload = JSON.stringify(describe(error));
    console.error(`${new Date().toISOString()}\t${currentRequest}\tERROR\tInvoke Error\t${payload}`);
    return ["error", payload];
  }
}

function contextOf(headers: Answer["headers"]): object {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: process.env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: process.env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: process.env["AWS_LAMBDA_LOG_STREAM_NAME"],
    invokedFunctionArn: String(headers["lambda-runtime-invoked-function-arn"]),
    awsRequestId: String(headers["lambda-runtime-aws-request-id"]),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** An error outside the handler's promise ends the process, as on AWS; the invocation under way is told why first. */
async function die(error: unknown): Promise<never> {
  console.error(
    `${new Date().toISOString()}\t${currentRequest}\tERROR\tUncaught Exception\t${JSON.stringify(describe(error))}`,
  );
  if (currentRequest !== undefined) {
    await call("POST", `/invocation/${currentRequest}/error`, JSON.stringify(describe(error)));
  }
  process.exit(128);
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

/** A runtime API that is gone means that the local cloud is: there is nobody left to work for. */
function call(method: string, path: string, body = ""): Promise<Answer> {
  return new Promise((resolve) => {
    const gone = (): never => process.exit(0);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(`http://${API}/2018-06-01/runtime${path}`, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", gone);
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString("utf8") }));
    });
    sent.on("error", gone);
    sent.end(body);
  });
}
