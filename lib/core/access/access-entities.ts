/** The entities of gatebook.yml, as Cedar's policies see them: https://docs.cedarpolicy.com/auth/entities-syntax.html */
import type { Configuration } from "../configuration/configuration.ts";
import { environmentsOf, placesOf } from "../configuration/project.ts";
import { rolesHeld, rolesIn } from "../configuration/role-members.ts";
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
   * The principal with the teams and roles that it is in. Whoever holds a role on the place's project is in that of the place, too: said here, where
   * an entity for each such role would cost a tenth of the decision.
   *
   * @param temporary roles beside those of gatebook.yml, on the place's project: "release-manager"
   */
  principal(principal: AccessPrincipal, place: AccessPlace, temporary?: readonly string[]): AccessEntity;
  /** The place first, and the project around an environment. */
  place(place: AccessPlace): readonly AccessEntity[];
}

function entityUid(type: EntityType, id: string): EntityUid {
  return { type: `${NAMESPACE}::${type}`, id };
}

export function actionUid(action: string): EntityUid {
  return { type: `${NAMESPACE}::Action`, id: action };
}

export function accessEntities(configuration: Configuration): AccessEntities {
  const { projects } = configuration;
  const parents = parentsOf(configuration);
  const onProject = new Map<string, string[]>();
  for (const { project, environment, person, role } of rolesHeld(configuration)) {
    const key = `${project}\n${person}`;
    if (environment === undefined) onProject.set(key, [...(onProject.get(key) ?? []), role]);
  }
  const workloads = workloadsOf(projects);
  const production = new Map(environmentsOf(projects).map(({ path, isProduction }) => [path, isProduction]));
  const tagsOf = (place: AccessPlace) =>
    Object.fromEntries([...rolesIn(projects, place).keys()].map((role) => [role, { __entity: roleUid(place, role) }]));
  const entitiesOf = (place: AccessPlace): AccessEntity[] => {
    const { project, environment } = place;
    const around = { uid: entityUid("Project", project), attrs: {}, parents: [], tags: tagsOf({ project }) };
    if (environment === undefined) return [around];
    const uid = entityUid("Environment", nameOfPlace(place));
    const attrs = { production: production.get(nameOfPlace(place)) ?? false };
    return [{ uid, attrs, parents: [around.uid], tags: tagsOf(place) }, around];
  };
  const places = new Map(placesOf(projects).map((place) => [nameOfPlace(place), entitiesOf(place)]));
  return {
    principal(principal, place, temporary = []) {
      const uid = entityUid(principal.type, principal.id);
      if (principal.type === "Workload") return { uid, attrs: {}, parents: workloads.get(principal.id) ?? [] };
      const { project, environment } = place;
      const around = [...(onProject.get(`${project}\n${principal.id}`) ?? []), ...temporary];
      const beside = [
        ...temporary.map((role) => roleUid({ project }, role)),
        ...(environment === undefined ? [] : around.map((role) => roleUid(place, role))),
      ];
      const attrs = { left: principal.left };
      return { uid, attrs, parents: [...(parents.get(principal.id) ?? []), ...beside] };
    },
    place: (place) => places.get(nameOfPlace(place)) ?? entitiesOf(place),
  };
}

/** By e-mail address. */
function parentsOf(configuration: Configuration): ReadonlyMap<string, EntityUid[]> {
  const teams = Object.entries(configuration.teams);
  const roles = Map.groupBy(rolesHeld(configuration), ({ person }) => person);
  return new Map(
    configuration.people.map(({ email }) => [
      email,
      [
        ...teams.filter(([, members]) => members.includes(email)).map(([team]) => entityUid("Team", team)),
        ...(roles.get(email) ?? []).map((held) => roleUid(held, held.role)),
      ],
    ]),
  );
}

function roleUid(place: AccessPlace, role: string): EntityUid {
  return entityUid("Role", `${nameOfPlace(place)}/${role}`);
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
