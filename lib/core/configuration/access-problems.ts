/** What in gatebook.yml would make the access policy answer about nobody, about everybody, or about two places at once. */
import type { Configuration } from "./configuration.ts";
import type { Problem } from "./problem.ts";
import { environmentsOf, type NamedEnvironment } from "./project.ts";
import { holdersOf, isKeptEmpty } from "./role-members.ts";
import { matcherOf } from "./wildcard.ts";

export function findAccessProblems(configuration: Configuration): Problem[] {
  return [
    ...findEmptyRoles(configuration),
    ...findHollowProjects(configuration),
    ...findEverybody(configuration),
    ...findOverlaps(configuration),
  ];
}

/** Whoever writes a role means somebody by it; an unknown name in it is a problem of its own. */
function findEmptyRoles({ projects, teams }: Configuration): Problem[] {
  return Object.entries(projects).flatMap(([project, { roles }]) =>
    Object.entries(roles).flatMap(([role, members]) => {
      if (isKeptEmpty(role) || holdersOf(members, teams).length > 0) return [];
      const message = "nobody holds it: name a person or a team that has members, or leave the role out";
      return [{ path: ["projects", project, "roles", role], message, isKey: true }];
    }),
  );
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

const EVERYBODY = /^[*?]+$/;

/** Whoever matches is taken for a workload of the project: of a pattern for everybody, each person and role would be one. */
function findEverybody({ projects }: Configuration): Problem[] {
  const find = (patterns: readonly string[], path: Problem["path"], role: string): Problem[] =>
    patterns.flatMap((pattern, i) =>
      EVERYBODY.test(pattern) ? [{ path: [...path, i], message: `is everybody: name ${role}` }] : [],
    );
  return Object.entries(projects).flatMap(([project, { workloads, environments }]) => [
    ...find(workloads, ["projects", project, "workloads"], "the roles that act for the project without a person"),
    ...Object.entries(environments).flatMap(([environment, { deployRoles, readers }]) => {
      const path = ["projects", project, "environments", environment];
      return [
        ...find(deployRoles, [...path, "deployRoles"], "the roles that deploy"),
        ...find(readers, [...path, "readers"], "who may read its secrets"),
      ];
    }),
  ]);
}

/** What is of two environments may be done by whoever may in either: production would be as open as the other. */
function findOverlaps({ projects }: Configuration): Problem[] {
  const environments = environmentsOf(projects);
  const production = environments.filter(({ isProduction }) => isProduction);
  const others = environments.filter(({ isProduction }) => !isProduction);
  return production.flatMap((one) => others.flatMap((other) => overlapOf(one, other)));
}

/** Said where the environment is written that is not production: of the two, it is the one to be kept apart. */
function overlapOf(production: NamedEnvironment, other: NamedEnvironment): Problem[] {
  const advice = "whoever may act in the one could in the other: keep them apart, or say production: true of both";
  const path = ["projects", other.project, "environments", other.name];
  const patterns = (["deployRoles", "secrets"] as const).flatMap((key) =>
    other[key].flatMap((pattern, i) => {
      const same = production[key].find((mine) => overlap(mine, pattern));
      if (same === undefined) return [];
      const what = same === pattern ? "is" : `overlaps with ${same}, which is`;
      return [
        { path: [...path, key, i], message: `${what} of ${production.path} too, which is production: ${advice}` },
      ];
    }),
  );
  if (!isKnownByAccountAlone(production) && !isKnownByAccountAlone(other)) return patterns;
  const accounts = other.accounts.flatMap((account, i) => {
    if (!production.accounts.includes(account)) return [];
    const message = `is of ${production.path} too, which is production, and nothing else tells them apart: ${advice}`;
    return [{ path: [...path, "accounts", i], message }];
  });
  return [...patterns, ...accounts];
}

function isKnownByAccountAlone({ deployRoles, secrets }: NamedEnvironment): boolean {
  return deployRoles.length === 0 && secrets.length === 0;
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

/** Whether all that the second pattern matches, the first matches too. */
function covers(wider: string, narrower: string): boolean {
  const matches = matcherOf([wider]);
  return RUNS.every((run) => matches(narrower.replaceAll("*", run).replaceAll("?", "\u0001")));
}
