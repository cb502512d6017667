/** Makes the resources of a stack in order, and says what its outputs are. */
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Stack } from "../template/assembly.ts";
import { isConditionTrue } from "../template/conditions.ts";
import { resolve } from "../template/intrinsics.ts";
import { inOrderOfDependency } from "../template/order.ts";
import { createScope, type Provisioned, type Scope } from "../template/scope.ts";
import type { Resource } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";
import type { World } from "./world.ts";

/** Throws TEMPLATE_INVALID, NOT_SUPPORTED or DEPLOYMENT_FAILED with the logical id and type of the resource at fault. */
export async function deployStack({ name, template }: Stack, world: World): Promise<Record<string, string>> {
  const made = new Map<string, Provisioned>();
  const scope = createScope(name, template, made);
  for (const logicalId of inOrderOfDependency(template)) {
    const declared = template.Resources[logicalId];
    if (declared === undefined || !holds(declared.Condition, scope)) continue;
    const { Type: type, Properties } = declared;
    try {
      const properties = resolve(Properties, scope) as Resource["properties"];
      made.set(logicalId, await provision({ stackName: name, logicalId, type, properties }, world));
    } catch (cause) {
      throw explain(cause, logicalId, type);
    }
  }
  const outputs: Record<string, string> = {};
  for (const [key, { Value, Condition }] of Object.entries(template.Outputs)) {
    if (holds(Condition, scope)) outputs[key] = String(resolve(Value, scope));
  }
  return world.httpApis.localise(outputs);
}

async function provision(resource: Resource, world: World): Promise<Provisioned> {
  const provisioner = Object.hasOwn(RESOURCE_TYPES, resource.type) ? RESOURCE_TYPES[resource.type] : undefined;
  if (provisioner === undefined) {
    throw new LocalCloudError("NOT_SUPPORTED", "resources of this type are not served locally");
  }
  return provisioner(resource, world);
}

function holds(condition: string | undefined, scope: Scope): boolean {
  return condition === undefined || isConditionTrue(condition, scope, resolve);
}

function explain(cause: unknown, logicalId: string, type: string): LocalCloudError {
  const code = cause instanceof LocalCloudError ? cause.code : "DEPLOYMENT_FAILED";
  const message = cause instanceof Error ? cause.message : String(cause);
  return new LocalCloudError(code, `${logicalId} (${type}): ${message}`, { cause });
}
