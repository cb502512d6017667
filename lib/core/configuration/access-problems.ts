/** What in gatebook.yml would make the access policy answer about nobody, about everybody, or about two places at once. */
import type { Configuration } from "./configuration.ts";
import { withStages } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { environmentsOf, type NamedEnvironment } from "./project.ts";
import { remembered } from "./remembered.ts";
import { holdersOf, isKeptEmpty, writtenRoles } from "./role-members.ts";
import { matcherOf } from "./wildcard.ts";

export function findAccessProblems(configuration: Configuration): Problem[] {
  return [
    ...findUnspeakable(configuration),
    ...findEmptyRoles(configuration),
    ...findHollowProjects(configuration),
    ...findHollowEnvironments(configuration),
    ...findEverybody(configuration),
    ...findOverlaps(configuration),
    ...findSharedApprovals(configuration),
  ];
}

/** "shop/production/developer" is the role of one place: with a slash in a name it would be that of another, too, and without a name nobody can ask for it. */
function findUnspeakable({ projects }: Configuration): Problem[] {
  const environments = environmentsOf(projects);
  const keys = [
    ...Object.keys(projects).map((project) => ["projects", project]),
    ...environments.map(({ project, name }) => ["projects", project, "environments", name]),
    ...writtenRoles(projects).map(({ path }) => path),
  ];
  const slash = "has a slash in its name, which stands between a project, its environment and a role: use a hyphen";
  return keys.flatMap((path) => {
    const name = String(path.at(-1));
    if (name.trim() === "") return [{ path, message: "has no name: write one before the colon", isKey: true }];
    return name.includes("/") ? [{ path, message: slash, isKey: true }] : [];
  });
}

/** Whoever writes a role means somebody by it; an unknown name in it is a problem of its own. */
function findEmptyRoles({ projects, teams }: Configuration): Problem[] {
  return writtenRoles(projects).flatMap(({ role, members, path }) => {
    if (isKeptEmpty(role) || holdersOf(members, teams).length > 0) return [];
    const message = "nobody holds it: name a person or a team that has members, or leave the role out";
    return [{ path, message, isKey: true }];
  });
}

/** No event would ever belong to it, so that its roles are rights to nothing. */
function findHollowProjects({ projects }: Configuration): Problem[] {
  return Object.entries(projects).flatMap(([name, { repositories, pipelines, environments, roles }]) => {
    const places = [repositories, pipelines, Object.keys(environments)];
    if (Object.keys(roles).length === 0 || places.some(({ length }) => length > 0)) return [];
    const message = "its roles are on nothing: name the project's repositories, pipelines or environments";
    return [{ path: ["projects", name, "roles"], message, isKey: true }];
  });
}

/** Repositories have environments of the same names; without any, something of gatebook.yml has to say what belongs to this one. */
function findHollowEnvironments({ projects }: Configuration): Problem[] {
  return environmentsOf(projects).flatMap(({ project, name, accounts, deployRoles, secrets, pipelines, roles }) => {
    const places = [accounts, deployRoles, secrets, pipelines, projects[project]?.repositories ?? []];
    if (Object.keys(roles).length === 0 || places.some(({ length }) => length > 0)) return [];
    const message = "its roles are on nothing: name the environment's accounts, pipelines, deployRoles or secrets";
    return [{ path: ["projects", project, "environments", name, "roles"], message, isKey: true }];
  });
}

const EVERYBODY = /^[*?]+$/;

/** Whoever matches is taken for a workload of the project: of a pattern for everybody, each person and role would be one. */
function findEverybody({ projects }: Configuration): Problem[] {
  const find = (patterns: readonly string[], path: Problem["path"], role: string, what = "everybody"): Problem[] =>
    patterns.flatMap((pattern, i) =>
      EVERYBODY.test(pattern) ? [{ path: [...path, i], message: `is ${what}: name ${role}` }] : [],
    );
  return Object.entries(projects).flatMap(([project, { workloads, environments }]) => [
    ...find(workloads, ["projects", project, "workloads"], "the roles that act for the project without a person"),
    ...Object.entries(environments).flatMap(([environment, { deployRoles, readers, pipelines }]) => {
      const path = ["projects", project, "environments", environment];
      return [
        ...find(deployRoles, [...path, "deployRoles"], "the roles that deploy"),
        ...find(readers, [...path, "readers"], "who may read its secrets"),
        ...find(pipelines, [...path, "pipelines"], "the pipelines, or stages of one, that deliver to it", "everything"),
      ];
    }),
  ]);
}

/** What is of two environments may be done by whoever may in either: production would be as open as the other, and a role in the one one in both. */
function findOverlaps({ projects }: Configuration): Problem[] {
  const environments = environmentsOf(projects);
  const production = environments.filter(({ isProduction }) => isProduction);
  const others = environments.filter(({ isProduction }) => !isProduction);
  return [
    ...production.flatMap((one) => others.flatMap((other) => overlapOf(one, other, OPENED))),
    ...[production, others].flatMap((alike) =>
      alike.flatMap((one, i) =>
        alike
          .slice(i + 1)
          .filter((other) => other.project === one.project && (hasRoles(one) || hasRoles(other)))
          .flatMap((other) => overlapOf(one, other, SHARED)),
      ),
    ),
  ];
}

function hasRoles({ roles }: NamedEnvironment): boolean {
  return Object.keys(roles).length > 0;
}

/** Why two environments have to be kept apart, and what to do where they cannot. */
interface Apart {
  readonly why: string;
  readonly otherwise: string;
}

const OPENED: Apart = { why: "which is production", otherwise: "say production: true of both" };
const SHARED: Apart = { why: "and one of them has roles of its own", otherwise: "give the roles on the project" };

/** Said where the environment is written that is not production, which is the one to be kept apart; of two alike, at the second. */
function overlapOf(one: NamedEnvironment, other: NamedEnvironment, { why, otherwise }: Apart): Problem[] {
  const advice = `whoever may act in the one could in the other: keep them apart, or ${otherwise}`;
  const path = ["projects", other.project, "environments", other.name];
  const patterns = (["deployRoles", "secrets", "pipelines"] as const).flatMap((key) =>
    other[key].flatMap((pattern, i) => {
      const same = one[key].find((mine) => (key === "pipelines" ? overlapInParts : overlap)(mine, pattern));
      if (same === undefined) return [];
      const what = same === pattern ? "is" : `overlaps with ${same}, which is`;
      return [{ path: [...path, key, i], message: `${what} of ${one.path} too, ${why}: ${advice}` }];
    }),
  );
  if (!isKnownByAccountAlone(one) && !isKnownByAccountAlone(other)) return patterns;
  const accounts = other.accounts.flatMap((account, i) => {
    if (!one.accounts.includes(account)) return [];
    const message = `is of ${one.path} too, ${why}, and nothing else tells them apart: ${advice}`;
    return [{ path: [...path, "accounts", i], message }];
  });
  return [...patterns, ...accounts];
}

/**
 * Of an account that two environments share, an approval is of both unless each says which pipelines are its own: nobody could approve with a role in one of
 * them. A project without pipelines has its approvals from code hosts, which name the environment.
 */
function findSharedApprovals({ projects }: Configuration): Problem[] {
  const environments = environmentsOf(projects).filter(({ project }) => projects[project]?.pipelines.length !== 0);
  const isMixed = (one: NamedEnvironment, other: NamedEnvironment): boolean =>
    one.project === other.project &&
    (hasRoles(one) || hasRoles(other)) &&
    (one.pipelines.length === 0 || other.pipelines.length === 0) &&
    !(isKnownByAccountAlone(one) || isKnownByAccountAlone(other));
  return environments.flatMap((one, i) =>
    environments.slice(i + 1).flatMap((other) => {
      const message = `is of ${one.path} too, ${SHARED.why}, so that an approval in it is of both, and needs the right to both: name the pipelines, or stages, of each, or ${SHARED.otherwise}`;
      const path = ["projects", other.project, "environments", other.name, "accounts"];
      return other.accounts.flatMap((account, at) =>
        isMixed(one, other) && one.accounts.includes(account) ? [{ path: [...path, at], message }] : [],
      );
    }),
  );
}

function isKnownByAccountAlone({ deployRoles, secrets }: NamedEnvironment): boolean {
  return deployRoles.length === 0 && secrets.length === 0;
}

/** A stage is within its pipeline. */
function overlapInParts(one: string, other: string): boolean {
  return withStages([one]).some((part) => withStages([other]).some((otherPart) => overlap(part, otherPart)));
}

/** By the parts of an ARN, each of which has to hold the other: `*-a-*` and `*-b-*`, which names tell apart, are not the same. */
function overlap(one: string, other: string): boolean {
  const [ones, others] = [one.split(":"), other.split(":")];
  const isOneInOther = (a: string, b: string): boolean => covers(a, b) || covers(b, a);
  if (ones.length !== others.length) return isOneInOther(one, other);
  return ones.every((part, i) => isOneInOther(part, others[i] ?? ""));
}

/** Of the run that a wildcard stands for: none, and one that is longer than what `?` matches. */
const RUNS = ["", "\u0001\u0001"];

const WILDCARDS = /[*?\\]/;
/** Each pattern is compared with all others of its kind: compiling it each time takes longer than all the rest. */
const MAX_COMPILED = 4_096;
const compiled = remembered(MAX_COMPILED, (pattern) => matcherOf([pattern]));

/** Whether all that the second pattern matches, the first matches too. */
function covers(wider: string, narrower: string): boolean {
  if (wider === narrower) return true;
  if (!WILDCARDS.test(wider)) return false;
  const matches = compiled(wider);
  return RUNS.every((run) => matches(narrower.replaceAll("*", run).replaceAll("?", "\u0001")));
}
