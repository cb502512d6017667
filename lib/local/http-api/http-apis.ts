/** The HTTP API of the template on the gateway's own port: routes, limits and errors as API Gateway has them. */

import type { PolicyStore } from "../authorisation/policy-store.ts";
import { AwsError, type AwsReply, type AwsService, LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import type { HttpRequest, RequestHead } from "../gateway/http-message.ts";
import type { Functions } from "../lambda/functions.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { pause } from "../pause.ts";
import type { Signer } from "./iam-caller.ts";
import { toPayload, toReply } from "./payload.ts";
import { decode, matchRoute, type Route, type RouteMatch } from "./route.ts";
import { signedRequests } from "./signed-requests.ts";

interface Integration {
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface HttpApis {
  addApi(apiId: string): void;
  addIntegration(id: string, integration: Integration): void;
  addRoute(route: Route): void;
  addStage(name: string): void;
  /** Puts this machine's address where a value has the API's on AWS. */
  localise(values: Readonly<Record<string, string>>): Record<string, string>;
  /** Whether a request is for the API. */
  hasRoute(head: RequestHead): boolean;
  /** Answers a request that is not signed, or not by anybody known: routes that need IAM refuse it, and others do not care. Undefined when the template has no API. */
  handle(request: HttpRequest): Promise<AwsReply | undefined>;
  /** Answers signed requests, under the name `execute-api`. */
  readonly service: AwsService;
}

export interface HttpApiOptions {
  /** Where the gateway answers, once that is known. */
  url(): string;
  readonly policies: PolicyStore;
  readonly functions: Functions;
  readonly now: () => number;
  onFault(error: unknown): void;
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const DEFAULT_STAGE = "$default";

export function createHttpApis({ url, policies, functions, now, onFault }: HttpApiOptions): HttpApis {
  const integrations = new Map<string, Integration>();
  const routes: Route[] = [];
  let api: string | undefined;
  let stage: string | undefined;
  const arnOf = (path: string): string =>
    `arn:aws:execute-api:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${api}/${stage}/${path}`;

  function find({ method, path }: RequestHead): RouteMatch | undefined {
    if (stage === undefined) return undefined;
    const prefix = prefixOf(stage);
    if (prefix !== "" && path !== prefix && !path.startsWith(`${prefix}/`)) return undefined;
    return matchRoute(routes, method, path.slice(prefix.length));
  }

  /** IAM sees the path that was asked for, not the route's pattern; decoded, or a policy that denies it could be written around. */
  const resourceOf = ({ method, path }: RequestHead): string =>
    arnOf(`${method}${decode(path.slice(prefixOf(stage).length)) || "/"}`);

  async function answer(request: HttpRequest, match: RouteMatch | undefined, signer?: Signer): Promise<AwsReply> {
    if (match === undefined) return message(404, "Not Found");
    if (request.body.length > MAX_BODY_BYTES) return message(413, "Request Entity Too Large");
    const integration = integrations.get(match.route.integration);
    if (integration === undefined) return message(500, "Internal Server Error");
    const conditions = { "aws:SourceArn": arnOf(match.route.key.replace(/^ANY/, "*").replace(" ", "")) };
    const need = { action: "lambda:InvokeFunction", resource: integration.functionArn, conditions };
    const decision = policies.authorise("apigateway.amazonaws.com", [need]);
    if (decision.outcome === "denied") {
      // On AWS the sender hears no more than this either, and the operator nothing at all.
      onFault(new LocalCloudError("DEPLOYMENT_FAILED", decision.reason));
      return message(500, "Internal Server Error");
    }
    const context = {
      apiId: api ?? "",
      stage: stage ?? "",
      match,
      now: now(),
      ...(signer !== undefined && { signer }),
    };
    return invoke(functions, integration, toPayload(request, context));
  }

  return {
    addApi(apiId) {
      if (api !== undefined) throw new LocalCloudError("NOT_SUPPORTED", "There is more than one HTTP API on one port");
      api = apiId;
    },
    addIntegration: (id, integration) => void integrations.set(id, integration),
    addRoute: (route) => void routes.push(route),
    addStage(name) {
      if (stage !== undefined) throw new LocalCloudError("NOT_SUPPORTED", "The HTTP API has more than one stage");
      stage = name;
    },
    localise(values) {
      const onAws = `https://${api}.execute-api.${LOCAL_REGION}.amazonaws.com`;
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replaceAll(onAws, url())]));
    },
    hasRoute: (head) => find(head) !== undefined,
    async handle(request) {
      if (api === undefined) return undefined;
      const match = find(request);
      return match?.route.needsIam ? message(403, "Forbidden") : answer(request, match);
    },
    service: signedRequests({ find, resourceOf, answer, functions }),
  };
}

async function invoke(
  functions: Functions,
  { functionArn, timeoutMs }: Integration,
  payload: object,
): Promise<AwsReply> {
  const waiting = new AbortController();
  const timeout = pause(timeoutMs, waiting.signal).then(() => undefined);
  try {
    const reply = await Promise.race([
      functions.get(functionArn).invoke(Buffer.from(JSON.stringify(payload))),
      timeout,
    ]);
    if (reply === undefined) return message(503, "Service Unavailable");
    if (reply.error !== undefined) return message(500, "Internal Server Error");
    return toReply(JSON.parse(reply.payload.toString("utf8"))) ?? message(500, "Internal Server Error");
  } catch (cause) {
    if (cause instanceof SyntaxError) return message(500, "Internal Server Error");
    throw new AwsError("ServiceUnavailable", 503, cause instanceof Error ? cause.message : String(cause));
  } finally {
    waiting.abort();
  }
}

function prefixOf(stage: string | undefined): string {
  return stage === undefined || stage === DEFAULT_STAGE ? "" : `/${stage}`;
}

function message(status: number, text: string): AwsReply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ message: text }) };
}
