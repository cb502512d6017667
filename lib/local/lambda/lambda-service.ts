/** The Invoke operation of Lambda's REST API (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
import {
  AwsError,
  type AwsReply,
  type AwsRequest,
  type AwsService,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
} from "../aws-service.ts";
import type { Functions } from "./functions.ts";
import { MAX_PAYLOAD_BYTES } from "./runtime-api.ts";

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const MAX_ASYNCHRONOUS_BYTES = 1024 * 1024;

export function lambdaService(functions: Functions): AwsService {
  return {
    describe(request) {
      const name = functionNameIn(request);
      const resource = `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;
      return { operation: "Invoke", needs: [{ action: "lambda:InvokeFunction", resource }] };
    },
    async handle(request) {
      const name = functionNameIn(request);
      if (functions.find(name) === undefined) {
        throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${name}`);
      }
      const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
      requireServed(request, type);
      const event = request.body.length === 0 ? Buffer.from("{}") : request.body;
      requireEvent(event, type === "Event" ? MAX_ASYNCHRONOUS_BYTES : MAX_PAYLOAD_BYTES);
      if (type === "DryRun") return reply(204, {}, "");
      if (type === "Event") {
        functions.invokeLater(name, event);
        return reply(202, {}, "");
      }
      const { payload, error } = await functions.get(name).invoke(event);
      const headers = { "x-amz-executed-version": "$LATEST", ...(error && { "x-amz-function-error": error }) };
      return reply(200, headers, payload);
    },
  };
}

function functionNameIn({ method, path }: AwsRequest): string {
  const [, encoded] = (method === "POST" && INVOKE.exec(path)) || [];
  if (encoded === undefined)
    throw new AwsError("NotImplemented", 501, `Lambda: ${method} ${path} is not served locally`);
  const name = decodeURIComponent(encoded);
  return name.split(":")[6] ?? name;
}

function requireServed({ headers, query }: AwsRequest, type: string): void {
  const qualifier = query.get("Qualifier") ?? "$LATEST";
  const isServed = ["RequestResponse", "Event", "DryRun"].includes(type) && headers["x-amz-log-type"] !== "Tail";
  if (isServed && qualifier === "$LATEST") return;
  throw new AwsError("NotImplemented", 501, "Lambda: versions, aliases and log tails are not served locally");
}

function requireEvent(event: Buffer, limit: number): void {
  if (event.length > limit) {
    throw new AwsError("RequestTooLargeException", 413, `The request's payload must be smaller than ${limit} bytes`);
  }
  try {
    JSON.parse(event.toString("utf8"));
  } catch {
    throw new AwsError("InvalidRequestContentException", 400, "Could not parse request body into json");
  }
}

function reply(status: number, headers: Record<string, string>, body: Buffer | string): AwsReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}
