/** Answers an error in the form that the client of each service reads (https://smithy.io/2.0/aws/protocols/). */
import { randomUUID } from "node:crypto";
import { AwsError, type AwsReply } from "../aws-service.ts";

/** `http-api` is what API Gateway answers callers of a deployed API with. */
export type Protocol = "s3" | "query" | "json" | "http-api";

/** A service that nobody serves has a protocol too, which only the request can tell. */
export function protocolOf(service: string | undefined, headers: Readonly<Record<string, string>>): Protocol {
  if (service === "s3") return "s3";
  if (service === "execute-api") return "http-api";
  if (headers["x-amz-target"] !== undefined) return "json";
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? "query" : "json";
}

/** What the service's own documentation calls a denial. */
export function accessDenied(service: string, protocol: Protocol, reason: string): AwsError {
  if (protocol === "s3") return new AwsError("AccessDenied", 403, reason);
  // An HTTP API does not say why.
  if (protocol === "http-api") return new AwsError("Forbidden", 403, "Forbidden");
  if (protocol === "json") return new AwsError("AccessDeniedException", 400, reason);
  return new AwsError(service === "sns" ? "AuthorizationError" : "AccessDenied", 403, reason);
}

/** Anything but an AwsError is a fault of the local cloud: 500, with its message, since only its owner can read it. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError("InternalFailure", 500, error instanceof Error ? error.message : String(error));
}

export function errorReply(error: AwsError, protocol: Protocol): AwsReply {
  const requestId = randomUUID();
  switch (protocol) {
    case "http-api":
      return {
        status: error.status,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message: error.message }),
      };
    case "json":
      return {
        status: error.status,
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amzn-errortype": error.code,
          "x-amzn-requestid": requestId,
        },
        body: JSON.stringify({ __type: error.code, message: error.message }),
      };
    case "query":
      return xmlReply(
        error,
        requestId,
        `<ErrorResponse><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>${codeAndMessage(error)}</Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    case "s3":
      return xmlReply(
        error,
        requestId,
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`,
      );
  }
}

function xmlReply({ status }: AwsError, requestId: string, body: string): AwsReply {
  const headers = { "content-type": "text/xml", "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
  return { status, headers, body };
}

function codeAndMessage({ code, message }: AwsError): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Control characters cannot stand in XML 1.0 in any form: a message that quotes them says `?`. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?");
}
