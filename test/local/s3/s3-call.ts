/** Requests to the local S3 without HTTP. */
import { type AwsRequest, LOCAL_OWNER } from "../../../lib/local/aws-service.ts";

export function callOf(method: string, url: string, body = "", headers: Record<string, string> = {}): AwsRequest {
  const [path = "/", query = ""] = url.split("?", 2);
  return {
    service: "s3",
    method,
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.from(body),
    caller: LOCAL_OWNER,
  };
}
