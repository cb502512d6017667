/** The local S3: buckets with versions and Object Lock, on disk. */
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from "../aws-service.ts";
import { parseAddress } from "./address.ts";
import { decodeBody } from "./aws-chunked.ts";
import { verifyBody } from "./integrity.ts";
import { type Swept, sweepLifecycles } from "./lifecycle-sweep.ts";
import { createNotify, type EventOutlet } from "./notify.ts";
import type { S3Call, World } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { permissionsFor, type Surroundings } from "./permissions.ts";
import { refuseHeaders } from "./refused-headers.ts";
import { routeOf } from "./route.ts";
import { newRequestId, s3Error, s3ErrorReply } from "./s3-error.ts";
import { openStore } from "./store.ts";
import { versionIdOf } from "./version.ts";

export interface S3Service extends AwsService {
  /** The policy document of a bucket, for authorisation; undefined where there is none, or no such bucket. */
  bucketPolicy(bucket: string): string | undefined;
  /** Applies the lifecycle rules that are due at the given time (epoch milliseconds; the clock's, if left out). Call it once a day or more often. */
  sweep(at?: number): Promise<Swept>;
}

export interface S3Options {
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where buckets that notify EventBridge find it; without one, they notify nobody. */
  readonly events?: EventOutlet;
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
export async function s3Service({ directory, now, events }: S3Options): Promise<S3Service> {
  const world: World = { store: await openStore(directory), now, notify: createNotify(now, events) };
  const tagsOf: Surroundings["tagsOf"] = ({ bucket, key }, versionId) => {
    const versions = world.store.buckets.get(bucket)?.index.versionsOf(key) ?? [];
    const version = versionId === undefined ? versions[0] : versions.find((each) => versionIdOf(each) === versionId);
    return version?.tags ?? {};
  };
  return {
    describe(request) {
      const operation = routeOf(request);
      if (!OPERATIONS.has(operation)) {
        throw notImplemented(operation);
      }
      return { operation, needs: permissionsFor(operation, request, { now: now(), tagsOf }) };
    },
    async handle(request, operation) {
      try {
        const requestId = newRequestId();
        const reply = await run(world, request, operation, requestId);
        return { ...reply, headers: { "x-amz-request-id": requestId, ...reply.headers } };
      } catch (error) {
        if (error instanceof AwsError) {
          return s3ErrorReply(error, request);
        }
        throw error;
      }
    },
    bucketPolicy: (bucket) => world.store.buckets.get(bucket)?.state.documents.policy,
    sweep: (at = now()) => sweepLifecycles(world, at),
  };
}

async function run(world: World, request: AwsRequest, operation: string, requestId: string): Promise<AwsReply> {
  const carryOut = OPERATIONS.get(operation);
  if (carryOut === undefined) {
    throw notImplemented(operation);
  }
  return carryOut(world, readCall(request, requestId));
}

function readCall(request: AwsRequest, requestId: string): S3Call {
  const { method, path, query } = request;
  refuseHeaders(request.headers);
  const { body, trailers } = decodeBody(request.headers, request.body);
  if (body.length > MAX_BODY_BYTES) {
    throw s3Error("EntityTooLarge", `The local S3 takes objects of at most ${MAX_BODY_BYTES} bytes`);
  }
  const headers = { ...request.headers, ...trailers };
  verifyBody(headers, body);
  return { ...parseAddress(path), method, path, query, headers, body, requestId };
}

function notImplemented(operation: string): AwsError {
  return s3Error("NotImplemented", `The local S3 does not implement ${operation}`);
}
