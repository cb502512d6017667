/** From a request to its answer: find the service, describe the operation, authorise each need, handle it. */

import type { PolicyStore } from "../authorisation/policy-store.ts";
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from "../aws-service.ts";
import type { Credential } from "./credential.ts";
import type { HttpRequest } from "./http-message.ts";
import { accessDenied, errorReply, type Protocol, toAwsError } from "./wire-error.ts";

/** One call that was answered, for counting. `operation` is empty where the request was refused before it could be told. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly status: number;
}

export interface Dispatch {
  /** By the service's name in the credential scope: `s3`, `sqs`, `events`, `execute-api`, … */
  readonly services: Readonly<Record<string, AwsService>>;
  readonly policies: PolicyStore;
  readonly onCall?: ((call: Call) => void) | undefined;
  /** Errors that are not AWS's are faults of the local cloud; the caller is told too. */
  readonly onFault: (error: unknown) => void;
}

export async function dispatch(
  { services, policies, onCall, onFault }: Dispatch,
  http: HttpRequest,
  { accessKeyId, service }: Credential,
  protocol: Protocol,
): Promise<AwsReply> {
  const call = { service, operation: "", caller: "" };
  try {
    const caller = policies.callerOf(accessKeyId);
    if (caller === undefined) {
      throw new AwsError("InvalidClientTokenId", 403, "The security token included in the request is invalid.");
    }
    call.caller = caller;
    const target = Object.hasOwn(services, service) ? services[service] : undefined;
    if (target === undefined) {
      throw new AwsError("NotImplemented", 501, `The local cloud does not serve ${service}.`);
    }
    const request: AwsRequest = { ...http, service, caller };
    const { operation, needs } = target.describe(request);
    call.operation = operation;
    const decision = policies.authorise(caller, needs);
    if (decision.outcome === "denied") throw accessDenied(service, protocol, decision.reason);
    const reply = await target.handle(request, operation);
    onCall?.({ ...call, status: reply.status });
    return reply;
  } catch (cause) {
    if (!(cause instanceof AwsError)) onFault(cause);
    const error = toAwsError(cause);
    onCall?.({ ...call, status: error.status });
    return errorReply(error, protocol);
  }
}
