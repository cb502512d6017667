/** The local S3: buckets with versions and Object Lock, on disk. */
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from "../aws-service.ts";
import { parseAddress } from "./address.ts";
import { decodeBody } from "./aws-chunked.ts";
import { verifyBody } from "./integrity.ts";
import { type Swept, sweepLifecycles } from "./lifecycle-sweep.ts";
import type { S3Call, World } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { permissionsFor } from "./permissions.ts";
import { refuseHeaders } from "./refused-headers.ts";
import { routeOf } from "./route.ts";
import { newRequestId, s3Error, s3ErrorReply } from "./s3-error.ts";
import { openStore } from "./store.ts";

export interface S3Service extends AwsService {
  /** The policy document of a bucket, for authorisation; undefined where there is none, or no such bucket. */
  bucketPolicy(bucket: string): string | undefined;
  /** Applies the lifecycle rules that are due at the given time (epoch milliseconds; the clock's, if left out). Call it once a day or more often. */
  sweep(at?: number): Promise<Swept>;
}

/** Bodies are held in memory; S3 itself takes 5 GB at once. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Opens the buckets kept under a directory. Whatever was answered with a success is on disk, and a process killed at any moment leaves
 * each version whole or absent. `handle` answers S3's errors itself; what `describe` throws, `s3ErrorReply` puts into S3's words.
 *
 * @example
 * const s3 = await s3Service({ directory: ".gatebook/s3", now: Date.now });
 */
export async function s3Service(options: { directory: string; now: () => number }): Promise<S3Service> {
  const world: World = { store: await openStore(options.directory), now: options.now };
  return {
    describe(request) {
      const operation = routeOf(request);
      if (!OPERATIONS.has(operation)) {
        throw notImplemented(operation);
      }
      return { operation, needs: permissionsFor(operation, request) };
    },
    async handle(request, operation) {
      try {
        const reply = await run(world, request, operation);
        return { ...reply, headers: { "x-amz-request-id": newRequestId(), ...reply.headers } };
      } catch (error) {
        if (error instanceof AwsError) {
          return s3ErrorReply(error, request);
        }
        throw error;
      }
    },
    bucketPolicy: (bucket) => world.store.buckets.get(bucket)?.state.documents.policy,
    sweep: (at = options.now()) => sweepLifecycles(world, at),
  };
}

async function run(world: World, request: AwsRequest, operation: string): Promise<AwsReply> {
  const carryOut = OPERATIONS.get(operation);
  if (carryOut === undefined) {
    throw notImplemented(operation);
  }
  return carryOut(world, readCall(request));
}

function readCall(request: AwsRequest): S3Call {
  const { method, path, query } = request;
  refuseHeaders(request.headers);
  const { body, trailers } = decodeBody(request.headers, request.body);
  if (body.length > MAX_BODY_BYTES) {
    throw s3Error("EntityTooLarge", `The local S3 takes objects of at most ${MAX_BODY_BYTES} bytes`);
  }
  const headers = { ...request.headers, ...trailers };
  verifyBody(headers, body);
  return { ...parseAddress(path), method, path, query, headers, body };
}

function notImplemented(operation: string): AwsError {
  return s3Error("NotImplemented", `The local S3 does not implement ${operation}`);
}
