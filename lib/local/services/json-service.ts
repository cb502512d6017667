/** A service that speaks AWS JSON 1.1: operations by X-Amz-Target, each with a schema (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError, type AwsRequest, type AwsService, type Permission } from "../aws-service.ts";

export interface JsonOperation {
  needs(request: AwsRequest): readonly Permission[];
  answer(request: AwsRequest): Promise<unknown>;
}

interface OperationParts<T> {
  /** Strict: a parameter that is not in it is answered as not implemented, never ignored. */
  readonly input: z.ZodType<T>;
  readonly needs: (input: T, caller: string) => readonly Permission[];
  /** Undefined for the operations whose answer has no body. */
  readonly answer: (input: T, caller: string) => Promise<object | undefined> | object | undefined;
}

export function jsonOperation<T>({ input, needs, answer }: OperationParts<T>): JsonOperation {
  return {
    needs: (request) => needs(readInput(input, request), request.caller),
    answer: async (request) => answer(readInput(input, request), request.caller),
  };
}

/** @param target what stands before the dot in X-Amz-Target: `TrentService` for KMS. */
export function jsonService(target: string, operations: Readonly<Record<string, JsonOperation>>): AwsService {
  const known = new Map(Object.entries(operations));
  const find = (name: string, service: string): JsonOperation => {
    const operation = known.get(name);
    if (operation === undefined) throw notImplemented(`${service} ${name}`);
    return operation;
  };
  return {
    describe(request) {
      const [prefix, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
      if (prefix !== target) throw notImplemented(`${request.service} without the target ${target}`);
      return { operation, needs: find(operation, request.service).needs(request) };
    },
    async handle(request, operation) {
      const body = await find(operation, request.service).answer(request);
      return {
        status: 200,
        headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
        body: body === undefined ? "" : JSON.stringify(body),
      };
    },
  };
}

export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", 501, `The local cloud does not implement ${what}.`);
}

export function validationError(message: string): AwsError {
  return new AwsError("ValidationException", 400, message);
}

/** The body as JSON. @throws AwsError `SerializationException`. */
export function readJson(request: AwsRequest): unknown {
  try {
    return JSON.parse(request.body.toString("utf8") || "{}");
  } catch (cause) {
    throw Object.assign(new AwsError("SerializationException", 400, "The request's body is not JSON."), { cause });
  }
}

function readInput<T>(schema: z.ZodType<T>, request: AwsRequest): T {
  const parsed = schema.safeParse(readJson(request));
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown !== undefined) {
    const parameters = [...unknown.path, unknown.keys.join(", ")].join(".");
    throw notImplemented(`${request.service} ${request.headers["x-amz-target"]} with ${parameters}`);
  }
  throw validationError(z.prettifyError(parsed.error));
}
