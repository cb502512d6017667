/** Resolves CloudFormation's intrinsic functions (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html). */
import { LocalCloudError } from "../local-cloud-error.ts";
import { isConditionTrue } from "./conditions.ts";
import type { Scope } from "./scope.ts";
import { substitute } from "./substitute.ts";

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** Values with all functions replaced; what resolves to AWS::NoValue is left out of its object or list. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return withoutDynamicReference(value);
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope)).filter((one) => one !== undefined);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && isIntrinsicName(only[0])) return call(only[0], only[1], scope);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, resolve(one, scope)] as const).filter(([, one]) => one !== undefined),
  );
}

/** Whether an object's only key makes it a function call rather than data. */
function isIntrinsicName(key: string): boolean {
  return key === "Ref" || key.startsWith("Fn::");
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.reference(text(name, "Ref")),
  "Fn::GetAtt": (argument, scope) => {
    const [logicalId, name] = attributePath(argument, scope);
    return scope.attribute(logicalId, name);
  },
  "Fn::Join": (argument, scope) => {
    const [separator, parts] = pair(argument, "Fn::Join");
    return list(resolve(parts, scope), "Fn::Join").map(String).join(text(separator, "Fn::Join"));
  },
  "Fn::Sub": (argument, scope) => {
    const [pattern, variables] = typeof argument === "string" ? [argument, {}] : pair(argument, "Fn::Sub");
    const own = new Map(Object.entries((resolve(variables, scope) ?? {}) as object));
    return substitute(text(pattern, "Fn::Sub"), (name) => {
      if (own.has(name)) return own.get(name);
      const dot = name.indexOf(".");
      return dot < 0 ? scope.reference(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
    });
  },
  "Fn::Select": (argument, scope) => {
    const [index, values] = pair(argument, "Fn::Select");
    const chosen = list(resolve(values, scope), "Fn::Select")[Number(resolve(index, scope))];
    if (chosen === undefined) throw invalid("Fn::Select", `has no element ${String(index)}`);
    return chosen;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, whole] = pair(argument, "Fn::Split");
    return text(resolve(whole, scope), "Fn::Split").split(text(separator, "Fn::Split"));
  },
  "Fn::If": (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument, "Fn::If");
    return resolve(isConditionTrue(text(condition, "Fn::If"), scope, resolve) ? whenTrue : whenFalse, scope);
  },
  "Fn::FindInMap": (argument, scope) => {
    const [map, first, second] = list(resolve(argument, scope), "Fn::FindInMap").map(String);
    const found = scope.template.Mappings[map ?? ""]?.[first ?? ""]?.[second ?? ""];
    if (found === undefined) throw invalid("Fn::FindInMap", `finds nothing at ${map}.${first}.${second}`);
    return found;
  },
  "Fn::Base64": (argument, scope) => Buffer.from(text(resolve(argument, scope), "Fn::Base64")).toString("base64"),
};

function call(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (intrinsic === undefined) throw new LocalCloudError("NOT_SUPPORTED", `${name} has no meaning locally`);
  return intrinsic(argument, scope);
}

function attributePath(argument: unknown, scope: Scope): [string, string] {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, name] = pair(argument, "Fn::GetAtt");
  return [text(logicalId, "Fn::GetAtt"), text(resolve(name, scope), "Fn::GetAtt")];
}

function withoutDynamicReference(value: string): string {
  if (!value.includes("{{resolve:")) return value;
  throw new LocalCloudError("NOT_SUPPORTED", `The dynamic reference ${value} is only resolved by CloudFormation`);
}

function pair(argument: unknown, name: string): [unknown, unknown] {
  const values = list(argument, name);
  if (values.length !== 2) throw invalid(name, "takes two arguments");
  return [values[0], values[1]];
}

function list(argument: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(argument)) throw invalid(name, "takes a list");
  return argument;
}

function text(argument: unknown, name: string): string {
  if (typeof argument !== "string") throw invalid(name, `takes a string, not ${JSON.stringify(argument)}`);
  return argument;
}

function invalid(name: string, what: string): LocalCloudError {
  return new LocalCloudError("TEMPLATE_INVALID", `${name} ${what}`);
}
