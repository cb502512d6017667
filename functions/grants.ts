/** Roles for a while, in a request that IAM has let in: asked for, approved, taken back, listed. */
import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { answerGrantRequest } from "../lib/core/grants/answer-grant-request.ts";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { GrantsEnv } from "./env.ts";
import { iamRequest } from "./iam-request.ts";
import { intakeQueue } from "./intake.ts";
import { logger, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = GrantsEnv.parse(process.env);
const ID_BYTES = 4;
const world = {
  configuration: readSettings().configuration,
  grants: dynamoDbGrantStore({ client: new DynamoDBClient(), tableName: env.GRANT_TABLE }),
  intake: intakeQueue(env),
  now: Date.now,
  newId: () => randomBytes(ID_BYTES).toString("hex"),
};

export const handler = observed(async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<HttpReply> => {
  const { body, caller } = iamRequest(event);
  try {
    const reply = await answerGrantRequest({ body: body.toString("utf8"), caller }, world);
    logger.info("grants were asked", { arn: caller.arn, status: reply.statusCode });
    return reply;
  } catch (error) {
    logger.error("a request about grants failed", error as Error);
    return problem(503, "This could not be done, which is a fault of Gatebook's own. Look at the list, and ask again.");
  }
});
