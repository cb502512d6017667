/** Which parts of the delivery were seen used, how often, by whom, and which of them gatebook.yml says nothing about. */
import type { Configuration } from "../configuration/configuration.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { FAILURE } from "../record/ocsf.ts";
import { assumedRoleOf } from "../sources/aws/arn.ts";
import { principalOf } from "../sources/principal.ts";
import { type Component, type ComponentKind, componentOf } from "./component-kind.ts";

/** What is kept in memory, whatever the log holds: further components and users are counted together. */
const MAX_COMPONENTS = 50_000;
const MAX_USERS = 200;
const OTHERS = "others";

export interface SeenComponent {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly uses: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** People by e-mail address or principals, who used it most first. */
  readonly users: readonly { readonly who: string; readonly uses: number }[];
  /** Where gatebook.yml names it: a component's name, or `project shop`. */
  readonly classified?: string;
}

interface Usage {
  kind: ComponentKind;
  uses: number;
  first: number;
  last: number;
  readonly users: Map<string, number>;
}

export interface ComponentCensus {
  add(record: AuditRecord): void;
  /** Those that nothing classifies first, then by use. */
  result(): readonly SeenComponent[];
}

export function createCensus(configuration: Configuration): ComponentCensus {
  const seen = new Map<string, Usage>();
  const deployRoles = new Set<string>();
  const classify = classifierOf(configuration);
  return {
    add(record) {
      const { event, action } = record;
      // An attempt that was refused used nothing.
      if (event.status_id === FAILURE) return;
      const who = record.person ?? principalOf(event);
      if (action.startsWith("deploy.") || isDelivered(record)) {
        for (const role of rolesOf(record)) deployRoles.add(role);
      }
      for (const component of componentsOf(record)) count(seen, component, { who, time: event.time });
    },
    result() {
      const components = [...seen].map(([name, usage]) => {
        const isDeployRole = usage.kind === "role" && deployRoles.has(roleName(name));
        const classified = classify(name);
        return {
          ...usage,
          name,
          kind: isDeployRole ? ("deploy role" as const) : usage.kind,
          users: [...usage.users].map(([who, uses]) => ({ who, uses })).sort((a, b) => b.uses - a.uses),
          ...(classified !== undefined && { classified }),
        };
      });
      const rank = ({ classified }: SeenComponent): number => (classified === undefined ? 0 : 1);
      return components.sort((a, b) => rank(a) - rank(b) || b.uses - a.uses || (a.name < b.name ? -1 : 1));
    },
  };
}

/** A delivery's own hands take on a role: a build or deployment service, or a workflow elsewhere that an identity provider vouches for. */
function isDelivered({ action, event, granted }: AuditRecord): boolean {
  if (action !== "access.assume") return false;
  // The service itself, or a session of the pipeline's own role that it carries forward: then the service's name stands for the address.
  return granted.by === "federation" || [principalOf(event), granted.sourceAddress ?? ""].some(isDeliveryService);
}

function isDeliveryService(name: string): boolean {
  return /^(?:codepipeline|codebuild|codedeploy|cloudformation)\.amazonaws\.com$/.test(name);
}

/** The role assumed, and the one that the caller is a session of. */
function rolesOf({ event, action }: AuditRecord): string[] {
  const { role } = assumedRoleOf(principalOf(event));
  const assumed = action === "access.assume" ? (event.resources ?? []).flatMap(({ uid = "" }) => roleName(uid)) : [];
  return [...(role === undefined ? [] : [role]), ...assumed].filter((name) => name !== "");
}

/** By its own name, since a session's ARN tells no path. */
function roleName(uid: string): string {
  return /:role\/(?:.*\/)?([^/]+)$/.exec(uid)?.[1] ?? "";
}

function componentsOf({ event }: AuditRecord): Component[] {
  const components = (event.resources ?? []).flatMap(({ uid }) => (uid === undefined ? [] : (componentOf(uid) ?? [])));
  return [...new Map(components.map((component) => [component.name, component])).values()];
}

function count(seen: Map<string, Usage>, { kind, name }: Component, use: { who: string; time: number }): void {
  const usage = seen.get(name) ?? { kind, uses: 0, first: use.time, last: use.time, users: new Map<string, number>() };
  if (!seen.has(name)) {
    if (seen.size >= MAX_COMPONENTS) return;
    seen.set(name, usage);
  }
  usage.uses += 1;
  usage.first = Math.min(usage.first, use.time);
  usage.last = Math.max(usage.last, use.time);
  const who = usage.users.has(use.who) || usage.users.size < MAX_USERS ? use.who : OTHERS;
  usage.users.set(who, (usage.users.get(who) ?? 0) + 1);
}

function classifierOf({ components, projects }: Configuration): (name: string) => string | undefined {
  const named = components.map(({ name, match }) => ({ name, matches: matcherOf(match) }));
  const inProjects = Object.entries(projects).map(([project, { repositories, pipelines, environments }]) => {
    const places = Object.values(environments).flatMap(({ deployRoles, secrets, pipelines: own }) => [
      ...deployRoles,
      ...secrets,
      ...own,
    ]);
    return { name: `project ${project}`, matches: matcherOf([...repositories, ...pipelines, ...places]) };
  });
  return (name) => [...named, ...inProjects].find(({ matches }) => matches(name))?.name;
}
