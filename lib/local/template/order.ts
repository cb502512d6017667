/** Puts a template's resources in the order in which they can be made. */
import { LocalCloudError } from "../local-cloud-error.ts";
import { variablesOf } from "./substitute.ts";
import type { Template } from "./template.ts";

/** Logical ids, each after those it refers to by Ref, Fn::GetAtt, Fn::Sub or DependsOn. A cycle throws TEMPLATE_INVALID. */
export function inOrderOfDependency(template: Template): readonly string[] {
  const ordered = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    if (ordered.has(logicalId)) return;
    const resource = template.Resources[logicalId];
    if (resource === undefined) return;
    if (path.includes(logicalId)) {
      const circle = [...path.slice(path.indexOf(logicalId)), logicalId].join(" → ");
      throw new LocalCloudError("TEMPLATE_INVALID", `Resources go round in a circle: ${circle}`);
    }
    for (const dependency of resource.DependsOn) {
      if (template.Resources[dependency] === undefined) {
        throw new LocalCloudError("TEMPLATE_INVALID", `${logicalId} depends on ${dependency}, which does not exist`);
      }
    }
    for (const needed of [...resource.DependsOn, ...namesIn(resource.Properties)]) visit(needed, [...path, logicalId]);
    ordered.add(logicalId);
  };
  for (const logicalId of Object.keys(template.Resources)) visit(logicalId, []);
  return [...ordered];
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [...namesAt(key, one), ...namesIn(one)]);
}

function namesAt(key: string, value: unknown): readonly string[] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "string") return [];
  if (key === "Ref") return [first];
  if (key === "Fn::GetAtt") return [first.split(".")[0] ?? first];
  if (key === "Fn::Sub") return variablesOf(first).map((name) => name.split(".")[0] ?? name);
  return [];
}
