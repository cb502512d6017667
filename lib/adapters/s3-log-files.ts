/** Log files in a bucket of S3, which need not be ours. */
import { GetObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { GatebookError } from "../core/errors.ts";
import type { OpenLogFile } from "../core/import/import-log-file.ts";

/** What no later try changes, and what to do about it. Whoever may not list a bucket is told AccessDenied of a missing object, too. */
const ADVICE: Readonly<Record<string, string>> = {
  NoSuchKey: "is not there any more: restore it if it was deleted",
  NoSuchBucket: "is in a bucket that is not there: see sources.cloudtrailBucket of gatebook.yml",
  AccessDenied:
    "cannot be read: it is gone, or the bucket's policy or its KMS key's does not let the import function in, see docs/operations.md#import-cloudtrails-log-files",
  InvalidObjectState: "is archived: restore it from its storage class",
};

export function s3LogFiles(client: S3Client): OpenLogFile {
  return async ({ bucket, key }) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      // In Node, the body is a stream of its chunks.
      return Body as AsyncIterable<Uint8Array>;
    } catch (cause) {
      const advice = cause instanceof S3ServiceException ? ADVICE[cause.name] : undefined;
      if (advice === undefined) throw cause;
      throw new GatebookError("INPUT_INVALID", advice, { cause });
    }
  };
}
