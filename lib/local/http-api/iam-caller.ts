/** Who signed a request, as API Gateway tells a function (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). */
import { createHash } from "node:crypto";
import { LOCAL_ACCOUNT } from "../aws-service.ts";

export interface Signer {
  readonly accessKeyId: string;
  /** ARN of a role, or of the account's root. */
  readonly arn: string;
  /** Under which name the role was assumed: Lambda takes its function's. */
  readonly session: string;
}

/** `requestContext.authorizer.iam` of payload format 2.0. */
interface IamCaller {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  /** Nobody signs with an identity of Cognito's here, and there is no organisation. */
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

const ROLE = /:role\/(?:.*\/)?([^/]+)$/;
const UNIQUE_ID_CHARACTERS = 17;
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function iamCaller({ accessKeyId, arn, session }: Signer): IamCaller {
  const role = ROLE.exec(arn)?.[1];
  // What calls is a session of the role, not the role; root is known by its account's number.
  const id = role === undefined ? LOCAL_ACCOUNT : `${uniqueId(arn)}:${session}`;
  return {
    accessKey: accessKeyId,
    accountId: LOCAL_ACCOUNT,
    callerId: id,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: role === undefined ? arn : `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${role}/${session}`,
    userId: id,
  };
}

/** IAM gives each role an id of its own; this one stays the same from start to start. */
function uniqueId(roleArn: string): string {
  const digest = createHash("sha256").update(roleArn).digest().subarray(0, UNIQUE_ID_CHARACTERS);
  return `AROA${Array.from(digest, (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("")}`;
}
