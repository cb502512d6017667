/** What policies can ask of a lock that is being set (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-retention-limits). */
import type { AwsRequest } from "../aws-service.ts";
import { decodeBody } from "./aws-chunked.ts";
import { parseXml, textOf } from "./xml-parse.ts";

type Request = Pick<AwsRequest, "headers" | "body">;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The lock stands in the headers of what writes an object, and in the body of what changes one. Absent keys where no lock is asked for. */
export function lockConditions(operation: string, request: Request, now: number): Readonly<Record<string, string>> {
  const { mode, until } = operation === "PutObjectRetention" ? lockInBody(request) : lockInHeaders(request);
  const days = (Date.parse(until ?? "") - now) / DAY_MS;
  return {
    ...(mode !== undefined && { "s3:object-lock-mode": mode }),
    ...(until !== undefined && { "s3:object-lock-retain-until-date": until }),
    // AWS does not say how it rounds: a policy should not depend on it.
    ...(!Number.isNaN(days) && { "s3:object-lock-remaining-retention-days": String(Math.floor(days)) }),
  };
}

interface Lock {
  readonly mode: string | undefined;
  readonly until: string | undefined;
}

function lockInHeaders({ headers }: Request): Lock {
  return { mode: headers["x-amz-object-lock-mode"], until: headers["x-amz-object-lock-retain-until-date"] };
}

function lockInBody({ headers, body }: Request): Lock {
  const root = parseXml(decodeBody(headers, body).body, "Retention");
  return { mode: textOf(root, "Mode"), until: textOf(root, "RetainUntilDate") };
}
