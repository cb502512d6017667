/** The bytes that a caller of an HTTP API sent. */
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export function bodyOf({ body = "", isBase64Encoded }: Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">) {
  return Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
}
