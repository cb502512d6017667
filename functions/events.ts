/** CloudEvents of a company's own tools, in a request that IAM has let in: check, enqueue, answer 202. */
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import { type HttpReply, problem } from "../lib/core/receive/problem.ts";
import { receiveEvents } from "../lib/core/receive/receive-events.ts";
import { EventsEnv } from "./env.ts";
import { iamRequest } from "./iam-request.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics, observed } from "./observed.ts";

const intake = intakeQueue(EventsEnv.parse(process.env));

export const handler = observed(async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<HttpReply> => {
  const { body, caller } = iamRequest(event);
  const reception = receiveEvents({ headers: event.headers, body, receivedAt: Date.now(), caller });
  if (reception.outcome === "refused") {
    logger.warn("events refused", { arn: caller.arn, status: reception.status, detail: reception.detail });
    metrics.addMetric("EventsRefused", "Count", 1);
    return problem(reception.status, reception.detail);
  }
  try {
    // 202 promises that the events will be recorded: not before the queue has all of them.
    const ids = await intake.send(reception.messages);
    metrics.addMetric("EventsAccepted", "Count", ids.length);
    return { statusCode: 202, headers: { "content-type": "application/json" }, body: JSON.stringify({ ids }) };
  } catch (error) {
    logger.error("the intake queue did not take events", error as Error);
    return problem(503, "The events could not be stored. Send them again: what is known is not recorded twice.");
  }
});
