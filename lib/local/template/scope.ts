/** What names mean inside one stack: parameters, pseudo parameters, and the resources made so far. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Template } from "./template.ts";

/** What a resource is known by once it is made: what Ref gives, and what Fn::GetAtt gives by name. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Scope {
  readonly template: Template;
  /** What Ref gives: `undefined` is AWS::NoValue. */
  reference(name: string): unknown;
  attribute(logicalId: string, name: string): string;
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  "AWS::Partition": "aws",
  "AWS::Region": LOCAL_REGION,
  "AWS::AccountId": LOCAL_ACCOUNT,
  "AWS::URLSuffix": "amazonaws.com",
};

export function createScope(stackName: string, template: Template, made: ReadonlyMap<string, Provisioned>): Scope {
  const stackId = `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/${stackName}/local`;
  const pseudo: Readonly<Record<string, string>> = {
    ...PSEUDO_PARAMETERS,
    "AWS::StackName": stackName,
    "AWS::StackId": stackId,
  };
  return {
    template,
    reference(name) {
      if (name === "AWS::NoValue") return undefined;
      const value = made.get(name)?.ref ?? pseudo[name];
      return value ?? parameter(template, name);
    },
    attribute(logicalId, name) {
      const value = made.get(logicalId)?.attributes?.[name];
      if (value !== undefined) return value;
      const type = template.Resources[logicalId]?.Type;
      if (type === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `Fn::GetAtt: there is no ${logicalId}`);
      throw new LocalCloudError("NOT_SUPPORTED", `Fn::GetAtt: ${logicalId} (${type}) has no attribute ${name} locally`);
    },
  };
}

function parameter(template: Template, name: string): unknown {
  const { Type, Default } = template.Parameters[name] ?? {};
  if (Type === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `Ref: there is no ${name}`);
  if (Type.startsWith("AWS::SSM::")) {
    throw new LocalCloudError("NOT_SUPPORTED", `Ref: parameter ${name} is read from Systems Manager`);
  }
  if (Default === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `Ref: parameter ${name} has no default`);
  return Type === "CommaDelimitedList" || Type.startsWith("List<") ? String(Default).split(",") : Default;
}
