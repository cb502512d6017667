/** A project of gatebook.yml: what is delivered, by which ways, and where to. */
import * as z from "zod";

/** The role that only projects have who want to say who administers them: without it, no policy decides about that. */
export const ADMINISTRATOR = "administrator";

/** `*` is any run of characters, `?` any one: see `matcherOf`. */
const pattern = z.string().min(1);

export const accountId = z.string().regex(/^\d{12}$/, "must be an AWS account id of 12 digits, in quotes");

const Environment = z.strictObject({
  accounts: z.array(accountId).default([]),
  deployRoles: z.array(pattern).default([]),
  secrets: z.array(pattern).default([]),
  /** Who may read its secrets besides its deploy roles. */
  readers: z.array(pattern).default([]),
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
  roles: z.record(z.string(), z.array(z.string().min(1))).default({}),
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
