/** Staged batches in an S3 bucket without Object Lock. */
import type { StagingStore } from "../core/evidence/staging-store.ts";
import { s3LogSource } from "./s3-log-source.ts";
import { type S3Bucket, s3Put } from "./s3-put.ts";

/** Reading a key that is not there takes s3:ListBucket on the bucket; without it S3 answers AccessDenied, and so does `get`. */
export function s3StagingStore(bucket: S3Bucket): StagingStore {
  const objects = s3LogSource(bucket);
  return { put: s3Put(bucket, "application/gzip"), get: (key) => objects.read(key) };
}
