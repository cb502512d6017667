/** The gate as an action of a pipeline: a job is answered with success, with failure and its reasons, or later. */
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { codePipelineJobs } from "../lib/adapters/codepipeline-jobs.ts";
import { answerJob, readJobEvent } from "../lib/core/gate/codepipeline-gate.ts";
import { GateCodePipelineEnv } from "./env.ts";
import { gateWorld } from "./gate-world.ts";
import { logger, metrics, observed } from "./observed.ts";

const world = {
  ...gateWorld(GateCodePipelineEnv.parse(process.env)),
  jobs: codePipelineJobs(new CodePipelineClient()),
};

export const handler = observed(async (event: unknown): Promise<void> => {
  const job = readJobEvent(event);
  const answer = await answerJob(job, world);
  logger.info("the gate answered a job", { job: job.id, answer });
  if (answer !== "wait") metrics.addMetric(answer === "pass" ? "GatePassed" : "GateBlocked", "Count", 1);
});
