/** Which of the organisation's projects and environments a thing belongs to. */
import type { AccessPlace } from "../access/access-question.ts";
import type { Configuration } from "./configuration.ts";
import { environmentsOf, type Project } from "./project.ts";
import { remembered } from "./remembered.ts";
import { matcherOf } from "./wildcard.ts";

export interface Placement {
  readonly projects: readonly string[];
  /** `shop/production` */
  readonly environments: readonly string[];
  readonly production: boolean;
}

/** Its environments, and those of its projects of which none of them is. */
export function placesIn({ environments, projects }: Pick<Placement, "environments" | "projects">): AccessPlace[] {
  const within = environments.map((path) => {
    const [project = "", environment = ""] = path.split("/");
    return { project, environment };
  });
  const covered = new Set(within.map(({ project }) => project));
  return [...within, ...projects.filter((project) => !covered.has(project)).map((project) => ({ project }))];
}

/** One environment, or what of a project lies outside its environments. */
interface Place {
  readonly project: string;
  readonly environment?: string;
  readonly isProduction: boolean;
  readonly accounts: readonly string[];
  readonly matches: (uid: string) => boolean;
  /** One of the pipelines that gatebook.yml says to deliver there, or a stage of one. */
  readonly isPipeline?: (uid: string) => boolean;
}

const NOWHERE: Placement = { projects: [], environments: [], production: false };

/** Resources that are remembered: a delivery touches the same tens again and again, and whoever sends others costs time and no memory. */
const MAX_REMEMBERED = 4_096;

/** Makes the look-up of an event's place by the account that holds it and the resources that it touches. */
export function placementOf({
  projects,
}: Pick<Configuration, "projects">): (account: string | undefined, uids: readonly string[]) => Placement {
  const places = [...Object.entries(projects).map(ownPlace), ...environmentPlaces(projects)];
  const ofAccount = remembered(MAX_REMEMBERED, (account) =>
    places.filter(({ accounts }) => accounts.includes(account)).reduce(withPlace, NOWHERE),
  );
  const ofResource = remembered(MAX_REMEMBERED, (uid) => places.filter(({ matches }) => matches(uid)));
  const own = places.flatMap(({ isPipeline }) => isPipeline ?? []);
  const isPlaced = remembered(MAX_REMEMBERED, (uid) => own.some((matches) => matches(uid)));
  return (account, uids) => {
    // Where a pipeline runs says nothing of where it delivers to, once that is written.
    let placement = account === undefined || (own.length > 0 && uids.some(isPlaced)) ? NOWHERE : ofAccount(account);
    for (const uid of uids) {
      for (const place of ofResource(uid)) placement = withPlace(placement, place);
    }
    return placement;
  };
}

/** Most resources are where their account is: nothing is made anew for them. */
function withPlace(placement: Placement, { project, environment, isProduction }: Place): Placement {
  const { projects, environments, production } = placement;
  const isNewProject = !projects.includes(project);
  const isNewEnvironment = environment !== undefined && !environments.includes(environment);
  if (!isNewProject && !isNewEnvironment) return placement;
  return {
    projects: isNewProject ? [...projects, project] : projects,
    environments: isNewEnvironment ? [...environments, environment] : environments,
    production: production || isProduction,
  };
}

function ownPlace([project, { pipelines, repositories }]: [string, Project]): Place {
  const isPipeline = matcherOf(withParts(pipelines));
  const isRepository = foldedMatcher(withParts(repositories));
  const matches = (uid: string): boolean => isPipeline(uid) || isRepository(uid);
  return { project, isProduction: false, accounts: [], matches };
}

function environmentPlaces(projects: Readonly<Record<string, Project>>): Place[] {
  return environmentsOf(projects).map(({ project, path, name, isProduction, accounts, ...named }) => {
    const isPipeline = matcherOf(withStages(named.pipelines));
    const touches = matcherOf([...named.deployRoles, ...named.secrets]);
    // A code host has environments too, each in a repository.
    const repositories = projects[project]?.repositories ?? [];
    const isOfRepository = foldedMatcher(repositories.map((repository) => `${repository}/environments/${name}`));
    const matches = (uid: string): boolean => touches(uid) || isOfRepository(uid) || isPipeline(uid);
    const place = { project, environment: path, isProduction, accounts, matches };
    return named.pipelines.length === 0 ? place : { ...place, isPipeline };
  });
}

/** What is in a repository is named after it: `github:acme/shop/pull/3`, `github:acme/shop@refs/heads/main`; so is an action of a pipeline. */
function withParts(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => [pattern, `${pattern}/*`, `${pattern}@*`]);
}

/** A stage, written with all of its actions: `…:shop-release/Production/*`. */
const STAGE = /^(arn:[^:]*:codepipeline:[^/]*\/[^/]+)\/\*$/;

/** Of the pipelines and stages of an environment; trying a stage again names the stage, and no action of it. */
export function withStages(patterns: readonly string[]): string[] {
  return withParts(patterns.flatMap((pattern) => [pattern, ...(STAGE.exec(pattern)?.slice(1) ?? [])]));
}

/** Code hosts compare names without case. */
function foldedMatcher(patterns: readonly string[]): (uid: string) => boolean {
  const matches = matcherOf(patterns.map((pattern) => pattern.toLowerCase()));
  return (uid) => matches(uid.toLowerCase());
}
