/** The gate for any tool, in a request that IAM has let in: may this delivery go there now? */
import { answerRequest } from "../lib/core/gate/api-gate.ts";
import { GateApiEnv } from "./env.ts";
import { gateWorld } from "./gate-world.ts";
import { answering } from "./iam-request.ts";
import { metrics } from "./observed.ts";

const world = gateWorld(GateApiEnv.parse(process.env));

export const handler = answering(
  {
    asked: "the gate was asked",
    broken: "The gate could not answer, which is a fault of its own: nothing may pass on this. Ask again.",
  },
  async (request) => {
    const reply = await answerRequest(request, world);
    if (reply.statusCode === 200) metrics.addMetric("GatePassed", "Count", 1);
    if (reply.statusCode === 409) metrics.addMetric("GateBlocked", "Count", 1);
    return reply;
  },
);
