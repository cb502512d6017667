/** URLs under which one object of a bucket can be fetched for some minutes, signed with the caller's own credentials. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** Long enough to begin a download. */
const EXPIRES_SECONDS = 300;

export function s3PresignedUrls(options: {
  readonly client: S3Client;
  readonly bucket: string;
}): (key: string) => Promise<string> {
  const { client, bucket } = options;
  return (key) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: EXPIRES_SECONDS });
}
