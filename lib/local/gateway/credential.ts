/**
 * Reads who calls which service from a request's SigV4 credential (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
 *
 * Signatures are not checked: the gateway listens on the loopback interface only, and the keys of a local cloud are no secrets. A key id says
 * which role to play, no more.
 */
import { AwsError } from "../aws-service.ts";

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const HEADER = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/;
const SCOPE = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/**
 * Undefined for a request that is not signed for AWS at all.
 *
 * @throws AwsError `IncompleteSignature` for one that is, but does not say for what.
 */
export function readCredential(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Credential | undefined {
  const authorization = headers["authorization"];
  const signed = authorization?.startsWith("AWS4-") === true;
  const scope = signed ? HEADER.exec(authorization)?.[1] : query.get("X-Amz-Credential");
  if (!signed && scope === null) return undefined;
  const [, accessKeyId, region, service] = SCOPE.exec(scope ?? "") ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError(
      "IncompleteSignature",
      403,
      "The request's Credential is not KEY/DATE/REGION/SERVICE/aws4_request.",
    );
  }
  return { accessKeyId, region, service };
}
