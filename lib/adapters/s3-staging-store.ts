/** Staged batches in an S3 bucket without Object Lock. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { StagingStore } from "../core/evidence/staging-store.ts";
import { s3LogSource } from "./s3-log-source.ts";

/** Reading a key that is not there takes s3:ListBucket on the bucket; without it S3 answers AccessDenied, and so does `get`. */
export function s3StagingStore(options: { readonly client: S3Client; readonly bucket: string }): StagingStore {
  const { client, bucket } = options;
  const objects = s3LogSource(options);
  return {
    async put(key, bytes) {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: bytes,
          ContentType: "application/gzip",
          ChecksumAlgorithm: "SHA256",
        }),
      );
    },
    get: (key) => objects.read(key),
  };
}
