/** What an access review asks about: somebody holds a role of gatebook.yml on a project, or in one environment. */
import * as z from "zod";
import { nameOfPlace } from "../access/access-question.ts";
import type { HeldRole } from "../configuration/role-members.ts";
import { bounded } from "../sources/fields.ts";

const text = z.string().min(1);

export const ReviewItem = z.object({
  person: text,
  role: text,
  project: text,
  environment: text.exactOptional(),
}) satisfies z.ZodType<HeldRole>;
export type ReviewItem = Readonly<z.infer<typeof ReviewItem>>;

/** A resource is a key of the index, which takes 600 characters of it as they are. */
const MAX_RESOURCE_CHARS = 512;

/** The same text for the same item, and for no other. */
export function keyOfItem({ person, role, project, environment }: ReviewItem): string {
  return JSON.stringify([person, role, project, environment]);
}

/** @example "bo@acme.example as release-manager of shop/production" */
export function describeItem({ person, role, ...place }: ReviewItem): string {
  return `${person} as ${role} of ${nameOfPlace(place)}`;
}

/** What decisions about it are found under. Names may be chosen so that two items share one: the decision itself says which it is about. */
export function resourceOfItem(item: ReviewItem): string {
  return bounded(describeItem(item), MAX_RESOURCE_CHARS);
}
