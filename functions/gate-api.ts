/** The gate for any tool, in a request that IAM has let in: may this delivery go there now? */
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import { answerRequest } from "../lib/core/gate/api-gate.ts";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { GateApiEnv } from "./env.ts";
import { gateWorld } from "./gate-world.ts";
import { iamRequest } from "./iam-request.ts";
import { logger, metrics, observed } from "./observed.ts";

const world = gateWorld(GateApiEnv.parse(process.env));

export const handler = observed(async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<HttpReply> => {
  const { body, caller } = iamRequest(event);
  try {
    const reply = await answerRequest({ body: body.toString("utf8"), caller }, world);
    logger.info("the gate was asked", { arn: caller.arn, status: reply.statusCode });
    if (reply.statusCode === 200 || reply.statusCode === 409)
      metrics.addMetric(reply.statusCode === 200 ? "GatePassed" : "GateBlocked", "Count", 1);
    return reply;
  } catch (error) {
    logger.error("the gate failed", error as Error);
    return problem(503, "The gate could not answer, which is a fault of its own: nothing may pass on this. Ask again.");
  }
});
