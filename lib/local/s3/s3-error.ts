/** The errors of S3, with their statuses and usual messages (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
import { randomBytes } from "node:crypto";
import { AwsError, type AwsReply, type AwsRequest } from "../aws-service.ts";
import { renderXml } from "./xml-render.ts";

const ERRORS = {
  AccessControlListNotSupported: [400, "The bucket does not allow ACLs"],
  AccessDenied: [403, "Access Denied"],
  BadDigest: [400, "The digest you specified did not match what we received."],
  BadRequest: [400, "Bad Request"],
  BucketAlreadyOwnedByYou: [409, "Your previous request to create the named bucket succeeded and you already own it."],
  BucketNotEmpty: [409, "The bucket you tried to delete is not empty. You must delete all versions in the bucket."],
  EntityTooLarge: [400, "Your proposed upload exceeds the maximum allowed size"],
  IllegalLocationConstraintException: [400, "The location constraint is not the region this request was sent to."],
  IncompleteBody: [400, "The request body terminated unexpectedly"],
  InternalError: [500, "We encountered an internal error. Please try again."],
  InvalidArgument: [400, "Invalid Argument"],
  InvalidBucketName: [400, "The specified bucket is not valid."],
  InvalidBucketState: [409, "The request is not valid with the current state of the bucket."],
  InvalidDigest: [400, "The digest you specified is not valid."],
  InvalidObjectState: [403, "The operation is not valid for the object's storage class"],
  InvalidRange: [416, "The requested range is not satisfiable"],
  InvalidRequest: [400, "Invalid Request"],
  InvalidStorageClass: [400, "The storage class you specified is not valid"],
  InvalidTag: [400, "The tag provided was not a valid tag."],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, "Your key is too long"],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  MalformedTrailerError: [400, "The request contained trailing data that was not well-formed."],
  MalformedXML: [400, "The XML you provided was not well-formed or did not validate against our published schema"],
  MetadataTooLarge: [400, "Your metadata headers exceed the maximum allowed metadata size"],
  MethodNotAllowed: [405, "The specified method is not allowed against this resource."],
  NoSuchBucket: [404, "The specified bucket does not exist"],
  NoSuchBucketPolicy: [404, "The bucket policy does not exist"],
  NoSuchKey: [404, "The specified key does not exist."],
  NoSuchLifecycleConfiguration: [404, "The lifecycle configuration does not exist"],
  NoSuchObjectLockConfiguration: [404, "The specified object does not have a ObjectLock configuration"],
  NoSuchPublicAccessBlockConfiguration: [404, "The public access block configuration was not found"],
  NoSuchVersion: [404, "The specified version does not exist."],
  NotImplemented: [501, "A header or parameter you provided implies functionality that is not implemented"],
  ObjectLockConfigurationNotFoundError: [404, "Object Lock configuration does not exist for this bucket"],
  OperationAborted: [409, "A conflicting conditional operation is currently in progress against this resource."],
  OwnershipControlsNotFoundError: [404, "The bucket ownership controls were not found"],
  PreconditionFailed: [412, "At least one of the pre-conditions you specified did not hold"],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof ERRORS;

export function s3Error(code: S3ErrorCode, message?: string): AwsError {
  const [status, usual] = ERRORS[code];
  return new AwsError(code, status, message ?? usual);
}

/**
 * The reply for an error, in S3's XML; the gateway uses it for what it refuses by itself. A reply to HEAD has no body, so that
 * clients know no more than the status.
 */
export function s3ErrorReply(
  error: AwsError,
  request: Pick<AwsRequest, "method" | "path">,
  headers: Readonly<Record<string, string>> = {},
): AwsReply {
  const requestId = newRequestId();
  if (request.method === "HEAD") {
    return { status: error.status, headers: { "x-amz-request-id": requestId, ...headers }, body: "" };
  }
  const body = renderXml({
    Error: { Code: error.code, Message: error.message, Resource: request.path, RequestId: requestId },
  });
  return {
    status: error.status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId, ...headers },
    body,
  };
}

export function newRequestId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}
