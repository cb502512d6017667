/** Names of the things that tie the events of one delivery together, whichever system tells of them. */
import { scalarText } from "./json.ts";

/** SHA-1 or SHA-256 in hex (https://git-scm.com/docs/hash-function-transition): the same in every system that has the commit. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** What Git writes where there is no commit: a branch before it was made, or after it was deleted. */
const NO_COMMIT = /^0+$/;
/** `<project>:<uuid>`, or the end of its ARN. The id behind the project is unique, and all that the build's role session is named by. */
const BUILD = /(?:^|[:/])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html */
const DEPLOYMENT = /^d-[A-Z0-9]{1,32}$/;

/** An owner has up to 39 characters, and an enterprise's short code behind them; a repository's name up to 100. */
const GITHUB_REPOSITORY = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;
const GITHUB_NUMBER = /^[1-9]\d{0,18}$/;

/** @param sha whatever a source wrote where a commit belongs */
export function commitNode(sha: unknown): string | undefined {
  if (typeof sha !== "string" || NO_COMMIT.test(sha)) return undefined;
  const name = sha.toLowerCase();
  return COMMIT.test(name) ? `commit:${name}` : undefined;
}

/** @param id of a build of CodeBuild: `shop:1f2e…`, its ARN, or the part behind the project */
export function buildNode(id: unknown): string | undefined {
  const uuid = typeof id === "string" ? BUILD.exec(id)?.[1] : undefined;
  return uuid === undefined ? undefined : `codebuild:${uuid}`;
}

/** @param id of a deployment of CodeDeploy */
export function deploymentNode(id: unknown): string | undefined {
  return typeof id === "string" && DEPLOYMENT.test(id) ? `codedeploy:${id}` : undefined;
}

/** @param repository `<owner>/<name>`; @param number of the pull request */
export function gitHubPullNode(repository: string | undefined, number: unknown): string | undefined {
  return gitHubNode(repository, "pull", number);
}

/** @param repository `<owner>/<name>`; @param id of the run of a workflow */
export function gitHubRunNode(repository: string | undefined, id: unknown): string | undefined {
  return gitHubNode(repository, "actions/runs", id);
}

function gitHubNode(repository: string | undefined, kind: string, id: unknown): string | undefined {
  const isWhole = repository !== undefined && GITHUB_REPOSITORY.test(repository) && GITHUB_NUMBER.test(scalarText(id));
  return isWhole ? `github:${repository}/${kind}/${id}` : undefined;
}

/** The nodes there are, each once; undefined where there is none. */
export function linksTo(nodes: readonly (string | undefined)[]): readonly string[] | undefined {
  const links = [...new Set(nodes.filter((node) => node !== undefined))];
  return links.length === 0 ? undefined : links;
}
