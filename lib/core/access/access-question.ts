/** A question to the policies: may this principal do this there, as things stand? The words are those of rules/access/schema.cedarschema. */
import * as z from "zod";
import type { DeliveryAction } from "../record/delivery-action.ts";

/** The delivery actions that the schema knows; what others mean for a project, no policy says. */
export const GOVERNED_ACTIONS = [
  "source.push",
  "source.merge",
  "source.review",
  "source.protect",
  "source.admin",
  "pipeline.start",
  "pipeline.stop",
  "pipeline.retry",
  "pipeline.approve",
  "pipeline.reject",
  "pipeline.bypass",
  "pipeline.edit",
  "build.start",
  "build.edit",
  "runner.register",
  "artifact.publish",
  "artifact.delete",
  "artifact.share",
  "deploy.start",
  "deploy.rollback",
  "deploy.change",
  "secret.read",
  "secret.write",
  "secret.delete",
  "secret.rotate",
  "access.assume",
] as const satisfies readonly DeliveryAction[];
export type GovernedAction = (typeof GOVERNED_ACTIONS)[number];

/** A person by e-mail address, a workload by the pattern of gatebook.yml that it matches. */
export type AccessPrincipal =
  | { readonly type: "Person"; readonly id: string; readonly left: boolean }
  | { readonly type: "Workload"; readonly id: string };

/** An environment of a project, or the project where the access belongs to none of them. */
export interface AccessPlace {
  readonly project: string;
  readonly environment?: string;
}

/** The schema's type Access. */
export const AccessContext = z.strictObject({
  businessHours: z.boolean(),
  mfa: z.enum(["yes", "no", "unknown"]),
  granted: z.string(),
  /** IPv4 or IPv6; left out where the source has a name instead. */
  address: z.string().exactOptional(),
  breakGlass: z.boolean(),
  byPipeline: z.boolean(),
  isReader: z.boolean(),
  wrote: z.boolean(),
  started: z.boolean(),
  editedPipeline: z.boolean(),
});
export type AccessContext = Readonly<z.infer<typeof AccessContext>>;

/** A role that somebody holds for a while, by a grant. */
interface TemporaryRole {
  readonly role: string;
  readonly grant: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface AccessQuestion {
  readonly principal: AccessPrincipal;
  readonly action: GovernedAction;
  readonly place: AccessPlace;
  readonly context: AccessContext;
  /** Beside the roles of gatebook.yml, on the place's project. */
  readonly temporaryRoles?: readonly TemporaryRole[];
}

export function nameOfPlace({ project, environment }: AccessPlace): string {
  return environment === undefined ? project : `${project}/${environment}`;
}

export function isGoverned(action: string): action is GovernedAction {
  return GOVERNED_ACTIONS.some((governed) => governed === action);
}
