/** The evidence log for readers whom IAM has let in, under the paths of C2SP's tlog-tiles. */
import { S3Client } from "@aws-sdk/client-s3";
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import { s3LogSource } from "../lib/adapters/s3-log-source.ts";
import { s3PresignedUrls } from "../lib/adapters/s3-presigned-urls.ts";
import { type LogReply, serveLog } from "../lib/core/log-server/serve-log.ts";
import { problem } from "../lib/core/receive/problem.ts";
import { LogEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";

const env = LogEnv.parse(process.env);
const evidence = { client: new S3Client(), bucket: env.EVIDENCE_BUCKET };
const world = { log: s3LogSource(evidence), presign: s3PresignedUrls(evidence) };

export const handler = observed(async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<LogReply> => {
  const path = event.pathParameters?.["path"] ?? "";
  const acceptEncoding = event.headers["accept-encoding"];
  const { userArn: arn } = event.requestContext.authorizer?.iam ?? {};
  try {
    const reply = await serveLog({ path, acceptEncoding }, world);
    // Reads are no events of the log: one verification makes thousands. Who read what is here, and in CloudTrail's data events.
    logger.info("log read", { arn, path, status: reply.statusCode });
    return reply;
  } catch (error) {
    logger.error("the log could not be read", error as Error);
    return { ...problem(503, "The log could not be read. Try again."), isBase64Encoded: false };
  }
});
