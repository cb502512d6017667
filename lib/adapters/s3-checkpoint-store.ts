/** The public checkpoint in the evidence bucket, replaced under If-Match; every version of it stays, and is the signed history. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { GatebookError } from "../core/errors.ts";
import type { CheckpointStore } from "../core/evidence/checkpoint-store.ts";

const CHECKPOINT = "checkpoint";

/** 412: it is another one. 409: another put is under way. 404: there was one to replace, and it is hidden. */
const LOST = new Set([404, 409, 412]);

/** Asking for what is not there takes s3:ListBucket on the bucket; without it S3 answers AccessDenied, and so does `read`. */
export function s3CheckpointStore(options: {
  readonly client: S3Client;
  readonly bucket: string;
  /** Before the paths of the log's objects, where the bucket holds others as well. */
  readonly prefix?: string;
}): CheckpointStore {
  const { client, bucket, prefix = "" } = options;
  const Key = prefix + CHECKPOINT;
  const where = `s3://${bucket}/${Key}`;
  return {
    async read() {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const bytes = await Body?.transformToByteArray();
        if (bytes === undefined || ETag === undefined) {
          throw new GatebookError("UNAVAILABLE", `${where} came without its body or its ETag: read it again`);
        }
        return { bytes, etag: ETag };
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
    async replace(expected, bytes) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key,
            Body: bytes,
            // https://c2sp.org/tlog-tiles#apis
            ContentType: "text/plain; charset=utf-8",
            CacheControl: "no-cache",
            ChecksumAlgorithm: "SHA256",
            ...(expected === undefined ? { IfNoneMatch: "*" } : { IfMatch: expected }),
          }),
        );
      } catch (cause) {
        const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
        const isBucketGone = cause instanceof S3ServiceException && cause.name === "NoSuchBucket";
        if (status === undefined || !LOST.has(status) || isBucketGone) throw cause;
        throw new GatebookError("HEAD_MOVED", `${where} has moved on: read it again`, { cause });
      }
    },
  };
}
