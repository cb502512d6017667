/** AWS CodePipeline, as the function of an action sees it: its jobs (https://docs.aws.amazon.com/codepipeline/latest/APIReference/). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AwsError, type AwsService } from "../../aws-service.ts";
import { jsonOperation, jsonService } from "../json-service.ts";
import { openStateFile } from "../state-file.ts";

/** What pipelines wait for, written by whoever plays them. */
export const JOBS_FILE = "jobs.json";
/** What the jobs were answered, in the order of the answers. */
export const RESULTS_FILE = "results.json";

const MAX_MESSAGE = 5_000;
const MAX_SUMMARY = 2_048;
const MAX_TOKEN = 2_048;

const JobId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** By the job's id. */
const Jobs = z.record(
  JobId,
  z.object({ pipelineArn: z.string().optional(), pipelineExecutionId: z.string().optional() }),
);
type CodePipelineJobs = z.infer<typeof Jobs>;

const Result = z.object({
  jobId: z.string(),
  outcome: z.enum(["success", "failure", "continued"]),
  message: z.string().optional(),
  continuationToken: z.string().optional(),
});
export const CodePipelineResults = z.array(Result);

const Success = z.strictObject({
  jobId: JobId,
  continuationToken: z.string().min(1).max(MAX_TOKEN).optional(),
  executionDetails: z
    .strictObject({
      summary: z.string().max(MAX_SUMMARY).optional(),
      externalExecutionId: z.string().optional(),
      percentComplete: z.int().min(0).max(100).optional(),
    })
    .optional(),
});
const Failure = z.strictObject({
  jobId: JobId,
  failureDetails: z.strictObject({
    type: z.enum([
      "JobFailed",
      "ConfigurationError",
      "PermissionError",
      "RevisionOutOfSync",
      "RevisionUnavailable",
      "SystemUnavailable",
    ]),
    message: z.string().min(1).max(MAX_MESSAGE),
    externalExecutionId: z.string().optional(),
  }),
});

/** A job that has its answer takes no other: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutJobSuccessResult.html */
export async function codePipelineService({ directory }: { readonly directory: string }): Promise<AwsService> {
  const file = await openStateFile(join(directory, RESULTS_FILE), CodePipelineResults, []);
  // CodePipeline's actions on jobs take no resources.
  const needs = (action: string) => () => [{ action: `codepipeline:${action}`, resource: "*" }];
  const answer = async (result: z.infer<typeof Result>): Promise<undefined> => {
    const { jobId } = result;
    await mustFind(directory, jobId);
    if (file.state.some((other) => other.jobId === jobId && other.outcome !== "continued")) {
      throw new AwsError("InvalidJobStateException", 400, `The job ${jobId} has its result already.`);
    }
    file.state.push(result);
    await file.save();
  };
  return jsonService("CodePipeline_20150709", {
    GetJobDetails: jsonOperation({
      input: z.strictObject({ jobId: JobId }),
      needs: needs("GetJobDetails"),
      answer: async ({ jobId }) => ({
        jobDetails: { id: jobId, data: { pipelineContext: await mustFind(directory, jobId) } },
      }),
    }),
    PutJobSuccessResult: jsonOperation({
      input: Success,
      needs: needs("PutJobSuccessResult"),
      answer: ({ jobId, continuationToken, executionDetails }) =>
        answer({
          jobId,
          outcome: continuationToken === undefined ? "success" : "continued",
          ...(executionDetails?.summary !== undefined && { message: executionDetails.summary }),
          ...(continuationToken !== undefined && { continuationToken }),
        }),
    }),
    PutJobFailureResult: jsonOperation({
      input: Failure,
      needs: needs("PutJobFailureResult"),
      answer: ({ jobId, failureDetails }) => answer({ jobId, outcome: "failure", message: failureDetails.message }),
    }),
  });
}

async function mustFind(directory: string, jobId: string): Promise<CodePipelineJobs[string]> {
  const job = (await readJobs(join(directory, JOBS_FILE)))[jobId];
  if (job !== undefined) return job;
  throw new AwsError("JobNotFoundException", 400, `The job ${jobId} could not be found.`);
}

/** Read each time: whoever plays a pipeline writes it while the cloud runs. */
async function readJobs(path: string): Promise<CodePipelineJobs> {
  try {
    return Jobs.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
