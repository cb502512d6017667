/** CloudEvents of a company's own tools, in a request that IAM has let in: check, enqueue, answer 202. */
import { jsonReply } from "../lib/core/receive/answer-iam-request.ts";
import { problem } from "../lib/core/receive/problem.ts";
import { receiveEvents } from "../lib/core/receive/receive-events.ts";
import { EventsEnv } from "./env.ts";
import { answering } from "./iam-request.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics } from "./observed.ts";

const intake = intakeQueue(EventsEnv.parse(process.env));

export const handler = answering(
  {
    asked: "events were sent",
    broken: "The events could not be stored. Send them again: what is known is not recorded twice.",
  },
  async ({ headers, bytes, caller }) => {
    const reception = receiveEvents({ headers, body: bytes, receivedAt: Date.now(), caller });
    if (reception.outcome === "refused") {
      logger.warn("events refused", { detail: reception.detail });
      metrics.addMetric("EventsRefused", "Count", 1);
      return problem(reception.status, reception.detail);
    }
    // 202 promises that the events will be recorded: not before the queue has all of them.
    const ids = await intake.send(reception.messages);
    metrics.addMetric("EventsAccepted", "Count", ids.length);
    return jsonReply(202, { ids });
  },
);
