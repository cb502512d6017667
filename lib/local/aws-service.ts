/** What a service of the local cloud is: it tells which permission a request needs, and answers it. */

/** One HTTP request to AWS, read whole, with the caller found out by the gateway. */
export interface AwsRequest {
  /** The service's name in the SigV4 credential scope: `s3`, `sqs`, `dynamodb`, `events`, `kms`, … */
  readonly service: string;
  readonly method: string;
  /** Percent-encoded path, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** ARN of the calling role, or of the account's root for the owner of the local cloud. */
  readonly caller: string;
}

export interface AwsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** A permission in IAM's terms. `conditions` are the context keys of this request, by their names (`s3:if-none-match`). */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: Readonly<Record<string, string>>;
}

/**
 * One service. `describe` names the operation and what IAM must allow for it; it throws AwsError `NotImplemented` (501) for an operation
 * that the service does not know, so that nothing is ever answered with a 200 that did nothing. `handle` is called once it is allowed.
 */
export interface AwsService {
  describe(request: AwsRequest): { readonly operation: string; readonly needs: readonly Permission[] };
  handle(request: AwsRequest, operation: string): Promise<AwsReply>;
  close?(): Promise<void>;
}

/** An error that AWS would answer with: `code` is the service's own (`AccessDenied`, `NoSuchKey`, `ResourceNotFoundException`). */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
  }
}

/** The account that the local cloud plays: AWS's own example number would hide a forgotten placeholder. */
export const LOCAL_ACCOUNT = "000000000000";
export const LOCAL_REGION = "eu-west-1";
/** Who starts the local cloud owns it, as root owns an account. */
export const LOCAL_OWNER = `arn:aws:iam::${LOCAL_ACCOUNT}:root`;
/** With this access key id a caller is the owner; each function gets a key of its own. */
export const LOCAL_OWNER_KEY = "LOCALOWNER";
