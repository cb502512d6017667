/** Opens the gateway on the port that is asked for, with the HTTP API and the cloud's own identity behind it. */
import type { PolicyStore } from "./authorisation/policy-store.ts";
import type { AwsReply, AwsService } from "./aws-service.ts";
import { IDENTITY_PATH } from "./cloud-file.ts";
import type { Call } from "./gateway/dispatch.ts";
import { type Gateway, startGateway } from "./gateway/gateway.ts";
import type { HttpRequest } from "./gateway/http-message.ts";
import type { HttpApis } from "./http-api/http-apis.ts";

export interface OpenGatewayOptions {
  readonly port?: number;
  readonly services: Readonly<Record<string, AwsService>>;
  readonly policies: PolicyStore;
  readonly httpApis: HttpApis;
  onCall?(call: Call): void;
  onFault(error: unknown): void;
}

const DEFAULT_PORT = 4780;

/** A port that was asked for and is taken is an error; the default one gives way to any that is free. */
export async function openGateway(options: OpenGatewayOptions): Promise<Gateway> {
  const { port, policies, httpApis, onCall, onFault } = options;
  const open = (onPort: number): Promise<Gateway> =>
    startGateway({
      port: onPort,
      services: { ...options.services, "execute-api": httpApis.service },
      policies,
      onFault,
      ...(onCall && { onCall: (call) => onCall(call) }),
      hasRoute: (head) => httpApis.hasRoute(head),
      fallback: async (request) => identify(request) ?? httpApis.handle(request),
    });
  try {
    return await open(port ?? DEFAULT_PORT);
  } catch (error) {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return open(0);
  }
}

function identify({ method, path }: HttpRequest): AwsReply | undefined {
  if (method !== "GET" || path !== IDENTITY_PATH) return undefined;
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ pid: process.pid }) };
}
