/** The gate as an action of a pipeline (https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html). */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { read } from "../sources/fields.ts";
import { parseJson } from "../sources/json.ts";
import { askGate, settle } from "./ask-gate.ts";
import { fitMessage } from "./fit-message.ts";
import { describeDecision, type Judgement } from "./gate-decision.ts";
import { GatePlace, type GateQuestion } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import { knownOf, unknownOf } from "./known.ts";

/** CodePipeline: of a failure's message, and of a success's summary. */
const MAX_MESSAGE_CHARS = 5_000;
const MAX_SUMMARY_CHARS = 2_048;

/** What CodePipeline invokes a function with. */
const JobEvent = z.object({
  "CodePipeline.job": z.object({
    id: z.string().min(1),
    data: z.object({
      actionConfiguration: z.object({ configuration: z.object({ UserParameters: z.string().optional() }) }),
      continuationToken: z.string().optional(),
    }),
  }),
});

export interface PipelineJob {
  readonly id: string;
  readonly userParameters: string;
  /** When it was first asked, epoch milliseconds; from the token that its last answer carried. */
  readonly since: number | undefined;
}

/** @throws GatebookError `INPUT_INVALID` for what CodePipeline did not send: there is no job to answer */
export function readJobEvent(event: unknown): PipelineJob {
  const { id, data } = read(JobEvent, event, "the event of CodePipeline")["CodePipeline.job"];
  const since = Number(data.continuationToken ?? Number.NaN);
  return {
    id,
    userParameters: data.actionConfiguration.configuration.UserParameters ?? "",
    since: Number.isSafeInteger(since) ? since : undefined,
  };
}

/** What CodePipeline itself says of a job: what its event says, whoever edits the pipeline writes. */
export interface JobContext {
  readonly pipelineArn: string;
  readonly executionId: string;
}

/**
 * Jobs of CodePipeline. `contextOf` rejects with `UNAVAILABLE` where CodePipeline does not say to which execution a job belongs; the other
 * three resolve once CodePipeline has the answer. With `wait` it invokes the function again, some half a minute later, with the token.
 */
export interface PipelineJobs {
  contextOf(job: string): Promise<JobContext>;
  succeed(job: string, summary: string): Promise<void>;
  fail(job: string, message: string): Promise<void>;
  wait(job: string, token: string): Promise<void>;
}

interface PipelineGateWorld extends GateWorld {
  readonly jobs: PipelineJobs;
}

/** @throws what the jobs reject an answer with: then the function is invoked again */
export async function answerJob(
  { id, userParameters, since }: PipelineJob,
  world: PipelineGateWorld,
): Promise<"pass" | "block" | "wait"> {
  const { jobs, now } = world;
  const first = since ?? now();
  const asked = await questionOf(id, userParameters, world);
  const { question } = asked;
  const answer =
    "judgement" in asked
      ? await settle(question, asked.judgement, { by: "codepipeline" }, world)
      : await askGate(question, { by: "codepipeline", waitedMs: now() - first }, world);
  if (answer.outcome === "wait") await jobs.wait(id, String(first));
  else {
    const message = describeDecision(answer, question);
    if (answer.outcome === "pass") await jobs.succeed(id, fitMessage(message, MAX_SUMMARY_CHARS));
    else await jobs.fail(id, fitMessage(message, MAX_MESSAGE_CHARS));
  }
  return answer.outcome;
}

/** Where there is no whole question, what is wrong is judged in its place. */
type Asked = { readonly question: GateQuestion } | { readonly question: GateQuestion; readonly judgement: Judgement };

const NOWHERE: GatePlace = { project: "unknown", environment: "unknown" };

async function questionOf(id: string, parameters: string, { jobs, within }: PipelineGateWorld): Promise<Asked> {
  const trace = `codepipeline-job:${id}`;
  const nothing = { reasons: [], unknown: [], remarks: [] };
  const place = readParameters(parameters);
  if (typeof place === "string")
    return { question: { ...NOWHERE, trace }, judgement: { ...nothing, reasons: [{ check: "place", text: place }] } };
  const context = await knownOf("to which execution the job belongs", () => within(jobs.contextOf(id)));
  if ("unknown" in context)
    return { question: { ...place, trace }, judgement: { ...nothing, unknown: unknownOf(context) } };
  const { pipelineArn, executionId } = context.known;
  return { question: { ...place, trace: executionId, asker: pipelineArn } };
}

const EXAMPLE = '{"project":"shop","environment":"production"}';

/** @returns what is wrong with them, where something is */
function readParameters(text: string): GatePlace | string {
  try {
    return read(GatePlace, parseJson(text, "what they say"), "what they say");
  } catch (error) {
    if (!(error instanceof GatebookError)) throw error;
    return `the action's UserParameters must say where the pipeline goes, as ${EXAMPLE}: ${error.message}`;
  }
}
