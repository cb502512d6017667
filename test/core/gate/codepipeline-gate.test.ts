/** A job of CodePipeline gets an answer, whatever its pipeline's author wrote and whatever fails. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { MAX_WAIT_MS } from "../../../lib/core/gate/ask-gate.ts";
import {
  answerJob,
  type JobContext,
  type PipelineJobs,
  readJobEvent,
} from "../../../lib/core/gate/codepipeline-gate.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import { EXECUTION, gateAfter, type Message, NOW, organisation, PIPELINE, release, started } from "./release.ts";

const JOB = "0a1b2c3d-1111-4222-8333-444455556666";
const PLACE = '{"project":"shop","environment":"production"}';
type Answer = readonly [job: string, how: keyof PipelineJobs, said: string];

function eventOf(UserParameters: unknown, continuationToken?: string): unknown {
  const data = { actionConfiguration: { configuration: { FunctionName: "gate", UserParameters } }, continuationToken };
  return { "CodePipeline.job": { id: JOB, accountId: "111122223333", data } };
}

async function answersTo(
  event: unknown,
  messages: readonly Message[],
  more: Partial<GateWorld> = {},
  context: () => Promise<JobContext> = async () => ({ pipelineArn: PIPELINE, executionId: EXECUTION }),
) {
  const answers: Answer[] = [];
  const put = (how: keyof PipelineJobs) => async (job: string, said: string) => void answers.push([job, how, said]);
  const jobs: PipelineJobs = { contextOf: context, succeed: put("succeed"), fail: put("fail"), wait: put("wait") };
  const world = await gateAfter(messages, more);
  await answerJob(readJobEvent(event), { ...world, jobs });
  return { answers, sent: world.sent };
}

test("a release that may go on is a success, one that may not a failure with its reasons", async () => {
  expect((await answersTo(eventOf(PLACE), release())).answers).toEqual([
    [JOB, "succeed", expect.stringMatching(/^Gatebook: yes, /)],
  ]);
  expect((await answersTo(eventOf(PLACE), release({ start: started("bo") }))).answers).toEqual([
    [JOB, "fail", expect.stringMatching(/^Gatebook: no, .*\n- Bo Chen <bo@acme\.example> started and approved it/)],
  ]);
});

describe("what is told late", () => {
  const untold = release({ approve: undefined });

  test("is waited for, from the first time that was asked", async () => {
    const { answers, sent } = await answersTo(eventOf(PLACE), untold);
    expect([answers, sent]).toEqual([[[JOB, "wait", String(NOW)]], []]);
    const since = String(NOW - MAX_WAIT_MS + 1);
    expect((await answersTo(eventOf(PLACE, since), untold)).answers).toEqual([[JOB, "wait", since]]);
  });

  test("is not waited for without end, nor for as long as a forged token says", async () => {
    for (const since of [String(NOW - MAX_WAIT_MS), "0"]) {
      expect((await answersTo(eventOf(PLACE, since), untold)).answers).toEqual([
        [JOB, "fail", expect.stringMatching(/nothing was recorded of who did so/)],
      ]);
    }
  });
});

test.each([
  ["missing", undefined],
  ["no JSON", "shop/production"],
  ["a list", "[]"],
  ["without an environment", '{"project":"shop"}'],
  ["of another type", '{"project":["shop"],"environment":{}}'],
])("user parameters that are %s are a failure that says how they should be, on record", async (_, parameters) => {
  const { answers, sent } = await answersTo(eventOf(parameters), release());
  expect(answers).toEqual([[JOB, "fail", expect.stringContaining(PLACE)]]);
  expect(sent).toMatchObject([{ type: "gate.blocked", trace: `codepipeline-job:${JOB}` }]);
});

describe("a job whose execution CodePipeline does not tell", () => {
  const untold = async (): Promise<never> => {
    throw new GatebookError("UNAVAILABLE", "throttled");
  };

  test("fails, or passes where gatebook.yml says allow, and says so", async () => {
    const allowing = organisation("gate: { onError: allow }");
    const said = /not known: to which execution the job belongs: throttled/;
    expect((await answersTo(eventOf(PLACE), release(), {}, untold)).answers).toEqual([
      [JOB, "fail", expect.stringMatching(said)],
    ]);
    const { answers, sent } = await answersTo(eventOf(PLACE), release(), { configuration: allowing }, untold);
    expect(answers).toEqual([[JOB, "succeed", expect.stringMatching(said)]]);
    expect(sent).toMatchObject([{ type: "gate.passed", findings: [{ level: "high" }] }]);
  });
});

test("a pipeline cannot ask for another's project", async () => {
  const other = { pipelineArn: PIPELINE.replace("shop-release", "other"), executionId: EXECUTION };
  const { answers } = await answersTo(eventOf(PLACE), release(), {}, async () => other);
  expect(answers).toEqual([[JOB, "fail", expect.stringMatching(/is neither among the pipelines/)]]);
});

test.each([
  [undefined],
  [{}],
  [{ "CodePipeline.job": {} }],
  [{ "CodePipeline.job": { id: "", data: {} } }],
  ["job"],
  [[]],
])("what CodePipeline did not send is refused: %j", (event) => {
  expect(() => readJobEvent(event)).toThrow(/the event of CodePipeline cannot be read/);
});
