/**
 * A route that IAM guards, as a handler: what was sent and by whom, the answer, and a 503 in place of what is broken.
 *
 *     export const handler = answering(
 *       { asked: "grants were asked", broken: "This could not be done. Look at the list, and ask again." },
 *       (request) => answerGrantRequest(request, world),
 *     );
 *
 * A JSON body is read, and refusals are answered, by `answerIamRequest` of lib/core/receive, which the function's core calls.
 */
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import type { IamRequest } from "../lib/core/receive/answer-iam-request.ts";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { bodyOf } from "./http-body.ts";
import { logger, observed } from "./observed.ts";

interface Route {
  /** For the log, with who asked and the answer's status. */
  readonly asked: string;
  /** What the caller is told where the answer failed, and what to do next. */
  readonly broken: string;
}

interface RouteRequest extends IamRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body before it is text. */
  readonly bytes: Uint8Array;
}

export function answering({ asked, broken }: Route, answer: (request: RouteRequest) => Promise<HttpReply>) {
  return observed(async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<HttpReply> => {
    const request = requestOf(event);
    const { arn } = request.caller;
    try {
      const reply = await answer(request);
      logger.info(asked, { arn, status: reply.statusCode });
      return reply;
    } catch (error) {
      logger.error(`${asked}, and it failed`, { arn, error: error as Error });
      return problem(503, broken);
    }
  });
}

function requestOf(event: APIGatewayProxyEventV2WithIAMAuthorizer) {
  const { headers, requestContext } = event;
  const { userArn: arn, accountId: account, accessKey: credential } = requestContext.authorizer?.iam ?? {};
  const bytes = bodyOf(event);
  const caller = { arn, account, credential, sourceAddress: requestContext.http.sourceIp };
  return { headers, bytes, body: bytes.toString("utf8"), caller };
}
