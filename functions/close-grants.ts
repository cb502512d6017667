/** Each minute: roles for a while whose time is over are ended. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { dynamoDbGrantStore } from "../lib/adapters/dynamodb-grant-store.ts";
import { iamTrustPolicies } from "../lib/adapters/iam-trust-policies.ts";
import { closeGrants } from "../lib/core/grants/close-grants.ts";
import { CloseGrantsEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { logger, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = CloseGrantsEnv.parse(process.env);
const grants = dynamoDbGrantStore({ client: new DynamoDBClient(), tableName: env.GRANT_TABLE });
const intake = intakeQueue(env);
const { configuration } = readSettings();
const isEnforced = configuration.grants.enforce === "trust-policy";
const enforced = isEnforced && { enforcement: { configuration, trust: iamTrustPolicies(new IAMClient()) } };

export const handler = observed(async (): Promise<void> => {
  const closed = await closeGrants({ grants, intake, ...enforced }, Date.now());
  if (closed.length > 0) logger.info("grants are over", { closed });
});
