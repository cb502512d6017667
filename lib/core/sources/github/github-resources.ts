/** What a GitHub webhook touched: the repository or the organisation first, the most specific last. */
import type { OcsfResource } from "../../record/ocsf.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";

/** @returns undefined where it names nothing */
export function gitHubResources({ event, payload }: GitHubMessage): readonly OcsfResource[] | undefined {
  const { repository, organization, installation } = payload;
  const name = repository?.full_name;
  const owner = organization?.login ?? installation?.account?.login;
  const resources = [
    ...(name === undefined ? ownerOf(owner) : [{ uid: `github:${name}`, name, type: "repository" }]),
    ...teamOf(payload, organization?.login),
    ...installedIn(event, payload),
    ...(name === undefined ? [] : inRepository(`github:${name}`, event, payload)),
  ];
  return resources.length === 0 ? undefined : resources;
}

function ownerOf(login: string | undefined): readonly OcsfResource[] {
  return login === undefined ? [] : [{ uid: `github:${login}`, type: "organization" }];
}

function teamOf({ team }: GitHubPayload, organization: string | undefined): readonly OcsfResource[] {
  if (team?.slug === undefined || organization === undefined) return [];
  return [{ uid: `github:${organization}/teams/${team.slug}`, name: team.name ?? team.slug, type: "team" }];
}

function installedIn(event: string, payload: GitHubPayload): readonly OcsfResource[] {
  if (!event.startsWith("installation")) return [];
  const { repositories = [], repositories_added = [], repositories_removed = [] } = payload;
  const names = [...repositories, ...repositories_added, ...repositories_removed].map((each) => each.full_name);
  return names.flatMap((name) => (name === undefined ? [] : [{ uid: `github:${name}`, name, type: "repository" }]));
}

function inRepository(uid: string, event: string, payload: GitHubPayload): readonly OcsfResource[] {
  const { key, pull_request } = payload;
  const number = pull_request?.number;
  const ref = refOf(event, payload);
  const { name, package_type: type = "package" } = payload.package ?? payload.registry_package ?? {};
  return [
    ...(typeof number === "number" ? [{ uid: `${uid}/pull/${number}`, type: "pull-request" }] : []),
    ...environmentsOf(payload).map((environment) => ({
      uid: `${uid}/environments/${environment}`,
      type: "environment",
    })),
    ...(event === "deploy_key" && typeof key?.id === "number"
      ? [{ uid: `${uid}/keys/${key.id}`, type: "deploy-key" }]
      : []),
    ...(name === undefined ? [] : [{ uid: `${uid}/packages/${type.toLowerCase()}/${name}`, name, type: "package" }]),
    ...(ref === undefined ? [] : [{ uid: `${uid}@${ref}`, type: "ref" }]),
  ];
}

export function environmentOf(payload: GitHubPayload): string | undefined {
  return environmentsOf(payload)[0];
}

/** One review may let several of a run's jobs go on, each into an environment of its own. */
function environmentsOf(payload: GitHubPayload): readonly string[] {
  const { deployment_status, deployment, workflow_job_run, workflow_job_runs = [] } = payload;
  const own = payload.environment ?? deployment_status?.environment ?? deployment?.environment;
  if (own !== undefined) return [own];
  return [...new Set([...workflow_job_runs, workflow_job_run].flatMap((run) => run?.environment ?? []))];
}

/** A push names the whole ref; where branches and tags come and go, the kind stands beside the name. */
function refOf(event: string, { ref, ref_type, release }: GitHubPayload): string | undefined {
  if (event === "release") return release?.tag_name === undefined ? undefined : `refs/tags/${release.tag_name}`;
  if (ref === undefined || (event !== "create" && event !== "delete")) return ref;
  return `refs/${ref_type === "tag" ? "tags" : "heads"}/${ref}`;
}
