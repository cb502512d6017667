/** Names the operation of an S3 request, by method, level and sub-resource (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html). */
import type { AwsRequest } from "../aws-service.ts";
import { parseAddress } from "./address.ts";
import { s3Error } from "./s3-error.ts";

type Level = "service" | "bucket" | "object";

/** Query parameters that make another operation of the same method and path. */
const SUB_RESOURCES = [
  ..."accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold".split(" "),
  ..."lifecycle list-type location logging metadataConfiguration metadataTable metrics notification".split(" "),
  ..."object-lock ownershipControls partNumber policy policyStatus publicAccessBlock renameObject replication".split(
    " ",
  ),
  ..."requestPayment restore retention select session tagging torrent uploadId uploads versioning versions".split(" "),
  "website",
];

const ROUTES: Readonly<Record<string, string>> = {
  "GET service": "ListBuckets",
  "PUT bucket": "CreateBucket",
  "HEAD bucket": "HeadBucket",
  "DELETE bucket": "DeleteBucket",
  "GET bucket": "ListObjects",
  "GET bucket list-type": "ListObjectsV2",
  "GET bucket versions": "ListObjectVersions",
  "GET bucket location": "GetBucketLocation",
  "GET bucket uploads": "ListMultipartUploads",
  "POST bucket delete": "DeleteObjects",
  "GET bucket versioning": "GetBucketVersioning",
  "PUT bucket versioning": "PutBucketVersioning",
  "GET bucket object-lock": "GetObjectLockConfiguration",
  "PUT bucket object-lock": "PutObjectLockConfiguration",
  "GET bucket policy": "GetBucketPolicy",
  "PUT bucket policy": "PutBucketPolicy",
  "DELETE bucket policy": "DeleteBucketPolicy",
  "GET bucket encryption": "GetBucketEncryption",
  "PUT bucket encryption": "PutBucketEncryption",
  "DELETE bucket encryption": "DeleteBucketEncryption",
  "GET bucket publicAccessBlock": "GetPublicAccessBlock",
  "PUT bucket publicAccessBlock": "PutPublicAccessBlock",
  "DELETE bucket publicAccessBlock": "DeletePublicAccessBlock",
  "GET bucket ownershipControls": "GetBucketOwnershipControls",
  "PUT bucket ownershipControls": "PutBucketOwnershipControls",
  "DELETE bucket ownershipControls": "DeleteBucketOwnershipControls",
  "GET bucket lifecycle": "GetBucketLifecycleConfiguration",
  "PUT bucket lifecycle": "PutBucketLifecycleConfiguration",
  "DELETE bucket lifecycle": "DeleteBucketLifecycle",
  "GET bucket notification": "GetBucketNotificationConfiguration",
  "PUT bucket notification": "PutBucketNotificationConfiguration",
  "PUT object": "PutObject",
  "GET object": "GetObject",
  "HEAD object": "HeadObject",
  "DELETE object": "DeleteObject",
  "GET object retention": "GetObjectRetention",
  "PUT object retention": "PutObjectRetention",
  "GET object legal-hold": "GetObjectLegalHold",
  "PUT object legal-hold": "PutObjectLegalHold",
  "GET object tagging": "GetObjectTagging",
  "PUT object tagging": "PutObjectTagging",
  "DELETE object tagging": "DeleteObjectTagging",
  "GET object attributes": "GetObjectAttributes",
  "POST object restore": "RestoreObject",
  "POST object select": "SelectObjectContent",
  "POST object uploads": "CreateMultipartUpload",
  "PUT object partNumber uploadId": "UploadPart",
  "GET object uploadId": "ListParts",
  "POST object uploadId": "CompleteMultipartUpload",
  "DELETE object uploadId": "AbortMultipartUpload",
};

/** The operation's name; whether it is implemented is for the table of operations to say. */
export function routeOf(request: Pick<AwsRequest, "method" | "path" | "query" | "headers">): string {
  const { bucket, key } = parseAddress(request.path);
  const level: Level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const asked = SUB_RESOURCES.filter((name) => request.query.has(name));
  const route = [request.method, level, ...asked].join(" ");
  if (route === "PUT object" && request.headers["x-amz-copy-source"] !== undefined) {
    return "CopyObject";
  }
  return ROUTES[route] ?? unknownRoute(route);
}

function unknownRoute(route: string): never {
  throw s3Error("NotImplemented", `The local S3 does not implement ${route}`);
}
