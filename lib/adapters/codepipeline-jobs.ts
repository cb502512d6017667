/** Jobs of CodePipeline (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetJobDetails.html). */
import {
  type CodePipelineClient,
  GetJobDetailsCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from "@aws-sdk/client-codepipeline";
import { GatebookError } from "../core/errors.ts";
import type { PipelineJobs } from "../core/gate/codepipeline-gate.ts";

export function codePipelineJobs(client: CodePipelineClient): PipelineJobs {
  return {
    async contextOf(jobId) {
      // The answer also holds credentials for the pipeline's artifacts: nothing of it but the context is kept.
      const { jobDetails } = await client.send(new GetJobDetailsCommand({ jobId }));
      const { pipelineArn, pipelineExecutionId: executionId } = jobDetails?.data?.pipelineContext ?? {};
      if (pipelineArn === undefined || executionId === undefined) {
        throw new GatebookError("UNAVAILABLE", `CodePipeline does not say to which execution the job ${jobId} belongs`);
      }
      return { pipelineArn, executionId };
    },
    async succeed(jobId, summary) {
      await client.send(new PutJobSuccessResultCommand({ jobId, executionDetails: { summary, percentComplete: 100 } }));
    },
    async fail(jobId, message) {
      await client.send(new PutJobFailureResultCommand({ jobId, failureDetails: { type: "JobFailed", message } }));
    },
    async wait(jobId, continuationToken) {
      await client.send(new PutJobSuccessResultCommand({ jobId, continuationToken }));
    },
  };
}
