/** Puts an object whole, with a checksum that S3 checks before it keeps it. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

export interface S3Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** @returns a `put` of objects of one type */
export function s3Put({ client, bucket }: S3Bucket, contentType: string) {
  return async (key: string, bytes: Uint8Array): Promise<void> => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        ChecksumAlgorithm: "SHA256",
      }),
    );
  };
}
