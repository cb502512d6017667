/** Jobs of CodePipeline through AWS's own SDK, and the gate's answers to them. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CodePipelineClient, PollForJobsCommand, PutJobSuccessResultCommand } from "@aws-sdk/client-codepipeline";
import { beforeEach, expect, test } from "vitest";
import { codePipelineJobs } from "../../../lib/adapters/codepipeline-jobs.ts";
import type { PipelineJobs } from "../../../lib/core/gate/codepipeline-gate.ts";
import {
  codePipelineService,
  JOBS_FILE,
  RESULTS_FILE,
} from "../../../lib/local/services/codepipeline/codepipeline-service.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

const JOB = "0a1b2c3d-1111-4222-8333-444455556666";
const HALF = "0a1b2c3d-1111-4222-8333-444455556667";
const GONE = "0a1b2c3d-1111-4222-8333-444455556668";
const CONTEXT = {
  pipelineArn: "arn:aws:codepipeline:eu-west-1:111122223333:shop-release",
  pipelineExecutionId: "5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01",
};

let directory: string;
let world: World;
let client: CodePipelineClient;
let jobs: PipelineJobs;
beforeEach(async () => {
  directory = await temporaryDirectory();
  world = await startWorld({ codepipeline: await codePipelineService({ directory }) });
  client = new CodePipelineClient(world.client());
  jobs = codePipelineJobs(client);
  const waiting = { [JOB]: CONTEXT, [HALF]: { pipelineArn: CONTEXT.pipelineArn } };
  await writeFile(join(directory, JOBS_FILE), JSON.stringify(waiting));
});

const results = async (): Promise<unknown> => JSON.parse(await readFile(join(directory, RESULTS_FILE), "utf8"));

test("a job is told by its pipeline and its execution", async () => {
  expect(await jobs.contextOf(JOB)).toEqual({
    pipelineArn: CONTEXT.pipelineArn,
    executionId: CONTEXT.pipelineExecutionId,
  });
  await expect(jobs.contextOf(HALF)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(jobs.contextOf(GONE)).rejects.toMatchObject({ name: "JobNotFoundException" });
});

test("an answer is remembered: success, failure, or a token to be asked again with", async () => {
  await jobs.wait(JOB, "1700000000000");
  await jobs.fail(JOB, "Gatebook: no");
  await jobs.succeed(HALF, "Gatebook: yes");
  expect(await results()).toEqual([
    { jobId: JOB, outcome: "continued", continuationToken: "1700000000000" },
    { jobId: JOB, outcome: "failure", message: "Gatebook: no" },
    { jobId: HALF, outcome: "success", message: "Gatebook: yes" },
  ]);
});

test("a job takes one answer, of no more words than CodePipeline's", async () => {
  await expect(jobs.fail(JOB, "x".repeat(5_001))).rejects.toMatchObject({ name: "ValidationException" });
  await jobs.succeed(JOB, "yes");
  await expect(jobs.fail(JOB, "no")).rejects.toMatchObject({ name: "InvalidJobStateException" });
  await expect(jobs.succeed(GONE, "yes")).rejects.toMatchObject({ name: "JobNotFoundException" });
});

test("what is not implemented is refused, not ignored", async () => {
  const poll = new PollForJobsCommand({
    actionTypeId: { category: "Invoke", owner: "Custom", provider: "x", version: "1" },
  });
  await expect(client.send(poll)).rejects.toMatchObject({ name: "NotImplemented" });
  const withVariables = new PutJobSuccessResultCommand({ jobId: JOB, outputVariables: { a: "b" } });
  await expect(client.send(withVariables)).rejects.toMatchObject({ name: "NotImplemented" });
});

test("each operation takes its permission", async () => {
  grant(world.policies, { Effect: "Allow", Action: "codepipeline:PutJobFailureResult", Resource: "*" });
  const own = codePipelineJobs(new CodePipelineClient(world.client(ROLE_KEY)));
  await own.fail(JOB, "no");
  await expect(own.succeed(HALF, "yes")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(own.contextOf(JOB)).rejects.toMatchObject({ name: "AccessDeniedException" });
});
