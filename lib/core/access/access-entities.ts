/** The entities of gatebook.yml, as Cedar's policies see them: https://docs.cedarpolicy.com/auth/entities-syntax.html */
import type { Configuration } from "../configuration/configuration.ts";
import { environmentsOf } from "../configuration/project.ts";
import { type AccessPlace, type AccessPrincipal, nameOfPlace } from "./access-question.ts";

const NAMESPACE = "Gatebook";

type EntityType = "Person" | "Team" | "Role" | "Workload" | "Project" | "Environment";

interface EntityUid {
  readonly type: string;
  readonly id: string;
}

/** Cedar's JSON of an entity. */
interface AccessEntity {
  readonly uid: EntityUid;
  readonly attrs: Readonly<Record<string, boolean>>;
  readonly parents: readonly EntityUid[];
  readonly tags?: Readonly<Record<string, { readonly __entity: EntityUid }>>;
}

export interface AccessEntities {
  /**
   * The principal with the teams and roles that it is in.
   *
   * @param temporary roles beside those of gatebook.yml: "shop/release-manager"
   */
  principal(principal: AccessPrincipal, temporary?: readonly string[]): AccessEntity;
  /** The place, and the project around an environment. */
  place(place: AccessPlace): readonly AccessEntity[];
}

function entityUid(type: EntityType, id: string): EntityUid {
  return { type: `${NAMESPACE}::${type}`, id };
}

export function actionUid(action: string): EntityUid {
  return { type: `${NAMESPACE}::Action`, id: action };
}

const TEAM = "team:";

export function accessEntities({ teams, projects, people }: Configuration): AccessEntities {
  const parents = new Map(people.map(({ email }) => [email, parentsOf(email, teams, projects)]));
  const workloads = workloadsOf(projects);
  const production = new Map(environmentsOf(projects).map(({ path, isProduction }) => [path, isProduction]));
  const tagsOf = (project: string) =>
    Object.fromEntries(
      Object.keys(projects[project]?.roles ?? {}).map((role) => [
        role,
        { __entity: entityUid("Role", `${project}/${role}`) },
      ]),
    );
  return {
    principal(principal, temporary = []) {
      const uid = entityUid(principal.type, principal.id);
      if (principal.type === "Person") {
        const held = parents.get(principal.id) ?? [];
        const beside = temporary.map((role) => entityUid("Role", role));
        return { uid, attrs: { left: principal.left }, parents: [...held, ...beside] };
      }
      const places = workloads.get(principal.id) ?? [];
      return { uid, attrs: {}, parents: places };
    },
    place(place) {
      const { project, environment } = place;
      const around = { uid: entityUid("Project", project), attrs: {}, parents: [], tags: tagsOf(project) };
      if (environment === undefined) return [around];
      const uid = entityUid("Environment", nameOfPlace(place));
      const attrs = { production: production.get(nameOfPlace(place)) ?? false };
      return [{ uid, attrs, parents: [around.uid], tags: tagsOf(project) }, around];
    },
  };
}

function parentsOf(email: string, teams: Configuration["teams"], projects: Configuration["projects"]): EntityUid[] {
  const own = Object.entries(teams).filter(([, members]) => members.includes(email));
  const names = new Set([email, ...own.map(([team]) => TEAM + team)]);
  const roles = Object.entries(projects).flatMap(([project, { roles: held }]) =>
    Object.entries(held)
      .filter(([, members]) => members.some((member) => names.has(member)))
      .map(([role]) => entityUid("Role", `${project}/${role}`)),
  );
  return [...own.map(([team]) => entityUid("Team", team)), ...roles];
}

/** By pattern, what it works for: a deploy role and a reader for their environment, another workload for all of its project's. */
function workloadsOf(projects: Configuration["projects"]): Map<string, EntityUid[]> {
  const places = new Map<string, EntityUid[]>();
  const add = (patterns: readonly string[], uids: readonly EntityUid[]): void => {
    for (const pattern of patterns) places.set(pattern, [...(places.get(pattern) ?? []), ...uids]);
  };
  for (const { project, path, deployRoles, readers } of environmentsOf(projects)) {
    const place = [entityUid("Environment", path), entityUid("Project", project)];
    add([...deployRoles, ...readers], place);
    add(projects[project]?.workloads ?? [], place);
  }
  for (const [project, { workloads }] of Object.entries(projects)) add(workloads, [entityUid("Project", project)]);
  return places;
}

/** Every pattern of gatebook.yml that stands for something that acts without a person. */
export function workloadPatterns(projects: Configuration["projects"]): string[] {
  const patterns = [
    ...environmentsOf(projects).flatMap(({ deployRoles, readers }) => [...deployRoles, ...readers]),
    ...Object.values(projects).flatMap(({ workloads }) => workloads),
  ];
  return [...new Set(patterns)];
}
