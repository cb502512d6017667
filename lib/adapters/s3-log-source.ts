/** The log in its S3 bucket, for reading. */
import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import type { LogSource } from "../core/evidence/log-source.ts";

/** Asking for what is not there takes s3:ListBucket on the bucket; without it S3 answers AccessDenied, and so does `read`. */
export function s3LogSource(options: { readonly client: S3Client; readonly bucket: string }): LogSource {
  const { client, bucket } = options;
  return {
    async read(path) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: path }));
        return await Body?.transformToByteArray();
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
  };
}
