/** A request that IAM has let in: what was sent, and by whom. */
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";

export function iamRequest({ body = "", isBase64Encoded, requestContext }: APIGatewayProxyEventV2WithIAMAuthorizer) {
  const { userArn: arn, accountId: account, accessKey: credential } = requestContext.authorizer?.iam ?? {};
  return {
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
    caller: { arn, account, credential, sourceAddress: requestContext.http.sourceIp },
  };
}
