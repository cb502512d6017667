/** Roles for a while, in a request that IAM has let in: asked for, approved, taken back, listed. */
import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { answerGrantRequest } from "../lib/core/grants/answer-grant-request.ts";
import { GrantsEnv } from "./env.ts";
import { answering } from "./iam-request.ts";
import { intakeQueue } from "./intake.ts";
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

export const handler = answering(
  {
    asked: "grants were asked",
    broken: "This could not be done, which is a fault of Gatebook's own. Look at the list, and ask again.",
  },
  (request) => answerGrantRequest(request, world),
);
