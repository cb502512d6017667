/** Payload format 2.0 between API Gateway and a function (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html). */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type AwsReply, LOCAL_ACCOUNT } from "../aws-service.ts";
import type { HttpRequest } from "../gateway/http-message.ts";
import { iamCaller, type Signer } from "./iam-caller.ts";
import type { RouteMatch } from "./route.ts";
import { decode } from "./route.ts";

export interface EventContext {
  readonly apiId: string;
  readonly stage: string;
  readonly match: RouteMatch;
  /** On routes that need IAM. */
  readonly signer?: Signer;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** All else is base64, a form and a body without a type included: measured on AWS, its documentation says "binary" only. */
const TEXT = /^(?:text\/|application\/(?:json|xml|javascript)\s*(?:;|$))/i;

export function toPayload(request: HttpRequest, { apiId, stage, match, signer, now }: EventContext): object {
  const { cookie, ...headers } = request.headers;
  const isText = TEXT.test(headers["content-type"] ?? "");
  const path = decode(request.path);
  const query = queryParameters(request.query);
  return {
    version: "2.0",
    routeKey: match.route.key,
    rawPath: path,
    rawQueryString: request.query.toString(),
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId,
      ...(signer !== undefined && { authorizer: { iam: iamCaller(signer) } }),
      domainName: headers["host"] ?? "",
      domainPrefix: apiId,
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: match.route.key,
      stage,
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    ...(request.body.length > 0 && { body: request.body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

function queryParameters(query: URLSearchParams): Record<string, string> | undefined {
  const names = [...new Set(query.keys())];
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")]));
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The Common Log Format's: 22/Nov/2026:16:30:00 +0000. */
function clfTime(now: number): string {
  const [date = "", time = ""] = new Date(now).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Formatted = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), Scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Undefined for what API Gateway would not understand either. */
export function toReply(answer: unknown): AwsReply | undefined {
  const json = { "content-type": "application/json" };
  if (typeof answer !== "object" || answer === null || !("statusCode" in answer)) {
    return { status: 200, headers: json, body: typeof answer === "string" ? answer : JSON.stringify(answer) };
  }
  const parsed = Formatted.safeParse(answer);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    status: statusCode,
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      ...Object.fromEntries(named),
      ...(cookies?.length && { "set-cookie": cookies.join(", ") }),
    },
    body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
  };
}
