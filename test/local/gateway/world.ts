/** A gateway with services for one test, and clients of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createPolicyStore, type PolicyStore } from "../../../lib/local/authorisation/policy-store.ts";
import {
  type AwsRequest,
  type AwsService,
  LOCAL_ACCOUNT,
  LOCAL_OWNER_KEY,
  LOCAL_REGION,
} from "../../../lib/local/aws-service.ts";
import type { Call } from "../../../lib/local/gateway/dispatch.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../../../lib/local/gateway/gateway.ts";

export const ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/function`;
export const ROLE_KEY = "FUNCTIONKEY";

export interface World {
  readonly gateway: Gateway;
  readonly policies: PolicyStore;
  readonly calls: Call[];
  readonly faults: unknown[];
  /** What an SDK client is made with: the owner's, or of the access key named. */
  client(accessKeyId?: string): {
    endpoint: string;
    region: string;
    maxAttempts: number;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** A raw request, signed in name for a service. */
  send(
    service: string,
    init?: RequestInit & { readonly path?: string; readonly accessKeyId?: string },
  ): Promise<Response>;
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "gatebook-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function startWorld(
  services: Readonly<Record<string, AwsService>>,
  options: Partial<GatewayOptions> & { readonly policies?: PolicyStore } = {},
): Promise<World> {
  const policies = options.policies ?? createPolicyStore();
  const calls: Call[] = [];
  const faults: unknown[] = [];
  const gateway = await startGateway({
    port: 0,
    services,
    onCall: (call) => calls.push(call),
    onFault: (error) => faults.push(error),
    ...options,
    policies,
  });
  onTestFinished(() => gateway.close());
  return {
    gateway,
    policies,
    calls,
    faults,
    client: (accessKeyId = LOCAL_OWNER_KEY) => ({
      endpoint: gateway.url,
      region: LOCAL_REGION,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey: "not checked" },
    }),
    send: (service, { path = "/", accessKeyId = LOCAL_OWNER_KEY, headers, ...init } = {}) =>
      fetch(`${gateway.url}${path}`, {
        ...init,
        headers: { authorization: authorization(service, accessKeyId), ...headers },
      }),
  };
}

export function authorization(service: string, accessKeyId = LOCAL_OWNER_KEY): string {
  const scope = `${accessKeyId}/20261122/${LOCAL_REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
}

/** Registers ROLE_KEY for ROLE with these statements. */
export function grant(policies: PolicyStore, ...statements: readonly object[]): void {
  policies.putRole(ROLE, { policies: [{ Version: "2012-10-17", Statement: statements }] });
  policies.registerAccessKey(ROLE_KEY, ROLE);
}

/** Answers with what it was asked. */
export function echo(seen: AwsRequest[] = []): AwsService {
  return {
    describe: () => ({ operation: "Echo", needs: [{ action: "echo:Echo", resource: "*" }] }),
    async handle(request) {
      seen.push(request);
      return { status: 200, headers: { "content-type": "text/plain", "x-test": "1" }, body: request.body };
    },
  };
}
