/** The gate as a protection rule of a GitHub environment (https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run). */
import { placementOf } from "../configuration/placement.ts";
import { GatebookError } from "../errors.ts";
import { commitNode, gitHubRunNode } from "../sources/trace-nodes.ts";
import { askGate, MAX_WAIT_MS } from "./ask-gate.ts";
import { fitMessage } from "./fit-message.ts";
import { describeDecision } from "./gate-decision.ts";
import type { GatePlace } from "./gate-question.ts";
import type { GateWorld } from "./gate-world.ts";
import type { GitHubAsks } from "./github-request.ts";
import { withoutAddresses } from "./name-of.ts";

/** GitHub: of the comment beside an answer. */
const MAX_COMMENT_CHARS = 1_024;

export interface GitHubAnswer {
  readonly state: "approved" | "rejected";
  readonly environment: string;
  readonly comment: string;
}

/**
 * Answers at the callback URL as the app's installation. Resolves once GitHub has the answer, and for a deployment that waits for none any
 * more; rejects with what is worth another try.
 */
export type AnswerGitHub = (
  callbackUrl: string,
  installation: number,
  answer: GitHubAnswer,
) => Promise<"answered" | "too late">;

interface GitHubGateWorld extends GateWorld {
  /** The API's URL, without a slash at its end. */
  readonly apiUrl: string;
  readonly answer: AnswerGitHub;
}

/**
 * @throws GatebookError `INPUT_INVALID` for a callback URL that is not GitHub's own: a token would go to whoever wrote it
 */
export async function answerGitHub(
  asks: GitHubAsks,
  world: GitHubGateWorld,
): Promise<"pass" | "block" | "wait" | "too late"> {
  const { environment, callbackUrl, installation } = asks;
  const run = runOf(asks, world.apiUrl);
  const place = placeIn(asks, world);
  const commit = commitNode(asks.commit);
  const trace = gitHubRunNode(asks.repository, run) ?? commit ?? callbackUrl;
  const question = { ...place, trace, ...(commit !== undefined && { madeOf: [commit] }) };
  const decision = await askGate(question, { by: "github", waitedMs: world.now() - asks.since }, world);
  if (decision.outcome === "wait") return "wait";
  const state = decision.outcome === "pass" ? "approved" : "rejected";
  // The comments of a public repository are everybody's.
  const said = withoutAddresses(describeDecision(decision, question), world.configuration);
  const comment = fitMessage(said, MAX_COMMENT_CHARS);
  const answered = await world.answer(callbackUrl, installation, { state, environment, comment });
  return answered === "too late" ? "too late" : decision.outcome;
}

const SOON_SECONDS = 30;
const LATER_SECONDS = 5 * 60;

/** In how many seconds to ask again: what is late comes soon or never, and people take their time. */
export function askAgainAfter({ since }: GitHubAsks, now: number): number {
  return now - since < MAX_WAIT_MS ? SOON_SECONDS : LATER_SECONDS;
}

/** The run's id from a URL that is exactly what GitHub makes: below its own API, of the repository that the webhook is about. */
function runOf({ callbackUrl, repository }: GitHubAsks, apiUrl: string): string {
  const prefix = `${apiUrl}/repos/${repository}/actions/runs/`;
  const run = /^([1-9]\d{0,18})\/deployment_protection_rule$/.exec(
    callbackUrl.toLowerCase().startsWith(prefix.toLowerCase()) ? callbackUrl.slice(prefix.length) : "",
  )?.[1];
  const isPlain = /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) && !repository.includes("..");
  if (run !== undefined && isPlain && URL.canParse(callbackUrl) && new URL(callbackUrl).href === callbackUrl)
    return run;
  throw new GatebookError(
    "INPUT_INVALID",
    `the callback URL of a deployment protection rule is not one of ${repository} below ${apiUrl}: nothing was sent there. If this is your GitHub, set gate.github.apiUrl`,
  );
}

/** A repository's environment has the name of one of its project's; another is a place that gatebook.yml does not know. */
function placeIn({ repository, environment }: GitHubAsks, { configuration }: GateWorld): GatePlace {
  const uid = `github:${repository}`;
  const { projects, environments } = placementOf(configuration)(undefined, [uid, `${uid}/environments/${environment}`]);
  const [path] = environments;
  if (path === undefined) return { project: projects[0] ?? repository, environment };
  const [project = ""] = path.split("/");
  return { project, environment: path.slice(project.length + 1) };
}
