/** A project of gatebook.yml: what is delivered, by which ways, and where to. */
import * as z from "zod";
import type { AccessPlace } from "../access/access-question.ts";

/** The role that only projects have who want to say who administers them: without it, no policy decides about that. */
export const ADMINISTRATOR = "administrator";

/** `*` is any run of characters, `?` any one: see `matcherOf`. */
const pattern = z.string().min(1);

/** Who holds which role: addresses, or `team:` and a team's name. */
const roles = z
  .record(
    z.string(),
    z.array(
      z.string().min(1, "is empty: name a person or a team"),
      'must be a list, such as [ana@acme.example, "team:shop"]',
    ),
    'must be roles with their members, such as { developer: ["team:shop"] }',
  )
  .default({});

export const accountId = z.string().regex(/^\d{12}$/, "must be an AWS account id of 12 digits, in quotes");

const Environment = z.strictObject({
  accounts: z.array(accountId).default([]),
  deployRoles: z.array(pattern).default([]),
  secrets: z.array(pattern).default([]),
  /** Who may read its secrets besides its deploy roles. */
  readers: z.array(pattern).default([]),
  /** Pipelines, or stages of one, that deliver to it: `…:shop-release/Production/*`. */
  pipelines: z.array(pattern).default([]),
  /** Held here alone, beside those of the project, which are held in each of its environments. */
  roles,
  /** Where it is not said, the environment's name says it: see `isProduction`. */
  production: z.boolean("must be true or false, without quotes").optional(),
});
type Environment = z.infer<typeof Environment>;

export const Project = z.strictObject({
  repositories: z.array(pattern).default([]),
  pipelines: z.array(pattern).default([]),
  environments: z.record(z.string(), Environment).default({}),
  /** What acts for the whole project without a person, such as the roles of its pipelines and builds. */
  workloads: z.array(pattern).default([]),
  roles,
  /** Who certifies in access reviews what others hold here; without it its administrators do, else its release managers. */
  certifiers: z
    .array(z.string().min(1))
    .min(1, "must name somebody: leave the key out for the project's administrators, or its release managers")
    .exactOptional(),
});
export type Project = z.infer<typeof Project>;

const PRODUCTION_NAMES = ["production", "prod"];

/** An environment with its names. */
export interface NamedEnvironment extends Environment {
  readonly project: string;
  readonly name: string;
  /** `shop/production` */
  readonly path: string;
  readonly isProduction: boolean;
}

/** Each project, and behind it each of its environments. */
export function placesOf(projects: Readonly<Record<string, Project>>): AccessPlace[] {
  return Object.entries(projects).flatMap(([project, { environments }]) => [
    { project },
    ...Object.keys(environments).map((environment) => ({ project, environment })),
  ]);
}

export function environmentsOf(projects: Readonly<Record<string, Project>>): NamedEnvironment[] {
  return Object.entries(projects).flatMap(([project, { environments }]) =>
    Object.entries(environments).map(([name, environment]) => ({
      ...environment,
      project,
      name,
      path: `${project}/${name}`,
      isProduction: environment.production ?? PRODUCTION_NAMES.includes(name.toLowerCase()),
    })),
  );
}
