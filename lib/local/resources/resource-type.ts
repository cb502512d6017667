/** What a resource type of the template is to the local cloud: the properties that it understands, and how it is made. */
import * as z from "zod";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Provisioned } from "../template/scope.ts";
import type { World } from "./world.ts";

/** A resource of the template with its functions resolved. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Makes the resource, or brings the one that an earlier start made up to date. */
export type Provisioner = (resource: Resource, world: World) => Promise<Provisioned>;

/** CloudFormation takes numbers and booleans as strings too. */
export const Count = z.coerce.number().int().nonnegative();
export const Flag = z.union([z.boolean(), z.stringbool()]);
export const Document = z.record(z.string(), z.unknown());

interface Definition<Shape extends z.ZodRawShape> {
  readonly properties: z.ZodObject<Shape>;
  /** Properties that are right to have and mean nothing on one machine: billing, encryption at rest, descriptions. */
  readonly withoutMeaning?: readonly string[];
  make(properties: z.infer<z.ZodObject<Shape>>, resource: Resource, world: World): Promise<Provisioned> | Provisioned;
}

/** Properties that are neither understood nor known to mean nothing are reported: nothing is left out in silence. */
export function resourceType<Shape extends z.ZodRawShape>(definition: Definition<Shape>): Provisioner {
  const known = new Set([...Object.keys(definition.properties.shape), ...(definition.withoutMeaning ?? []), "Tags"]);
  return async (resource, world) => {
    const { logicalId, type } = resource;
    const parsed = definition.properties.safeParse(resource.properties);
    if (!parsed.success) {
      throw new LocalCloudError("NOT_SUPPORTED", z.prettifyError(parsed.error));
    }
    const unknown = Object.keys(resource.properties).filter((name) => !known.has(name));
    if (unknown.length > 0) world.report(`${logicalId} (${type}): no effect locally: ${unknown.join(", ")}`);
    return definition.make(parsed.data, resource, world);
  };
}

/** A property which would change what the product does, and which is not served. */
export function notServed(why: string) {
  return z.undefined({ error: `not served locally: ${why}` }).optional();
}
