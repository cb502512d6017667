/** A release manager for a while is trusted by the deploy roles of the place, and by none of them afterwards. */
import type { Configuration } from "../configuration/configuration.ts";
import { environmentsOf } from "../configuration/project.ts";
import { covers, endOf, type Grant } from "./grant.ts";
import type { TrustPolicies } from "./trust-policies.ts";
import { withoutTrust, withTrust } from "./trust-statement.ts";

/** The role of gatebook.yml that deploys: others need no deploy role. */
const DEPLOYING = "release-manager";

/** Named whole: a pattern is nobody's role in particular. */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** What a trust policy can name; a session of Identity Center it cannot. */
const TRUSTABLE = /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/;

export interface Enforcement {
  readonly configuration: Configuration;
  readonly trust: TrustPolicies;
}

/** Deploy roles that gatebook.yml names whole. */
export function enforceableRoles({ projects }: Pick<Configuration, "projects">): string[] {
  return [...new Set(environmentsOf(projects).flatMap(({ deployRoles }) => deployRoles.filter(isWhole)))];
}

/** What would have to trust whom for this grant; nothing where there is no role to take on, or nobody whom IAM can name. */
export function trustFor(grant: Grant, { projects, people }: Configuration): { roles: string[]; principals: string[] } {
  const places = environmentsOf(projects).filter(({ project, name }) => covers(grant, { project, environment: name }));
  const identities = people.find(({ email }) => email === grant.person)?.identities ?? [];
  const principals = identities.filter((identity) => TRUSTABLE.test(identity));
  const roles = [...new Set(places.flatMap(({ deployRoles }) => deployRoles.filter(isWhole)))];
  return grant.role === DEPLOYING && principals.length > 0 ? { roles, principals } : { roles: [], principals };
}

/** Idempotent: what somebody else has taken out meanwhile is put in again. */
export async function addTrust(grant: Grant, { configuration, trust }: Enforcement): Promise<void> {
  const { principals } = trustFor(grant, configuration);
  const until = endOf(grant);
  if (until === undefined || principals.length === 0) return;
  for (const role of grant.trustedBy ?? []) {
    await change(role, trust, (text) => withTrust(text, { grant: grant.id, principals, until }));
  }
}

/** Idempotent. */
export async function removeTrust(grant: Grant, trust: TrustPolicies): Promise<void> {
  for (const role of grant.trustedBy ?? []) await change(role, trust, (text) => withoutTrust(text, grant.id));
}

async function change(role: string, trust: TrustPolicies, by: (text: string) => string): Promise<void> {
  const text = await trust.read(role);
  const changed = by(text);
  if (changed !== text) await trust.write(role, changed);
}

function isWhole(pattern: string): boolean {
  return ROLE_ARN.test(pattern);
}
