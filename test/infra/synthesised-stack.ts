/** The stack as CloudFormation gets it, without bundles, and its resources with all references written out. */
import { readFileSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { FEATURE_FLAGS } from "../../lib/infra/feature-flags.ts";
import { GatebookStack } from "../../lib/infra/gatebook-stack.ts";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { resolve } from "../../lib/local/template/intrinsics.ts";
import { parseTemplate } from "../../lib/local/template/template.ts";

export const ROOT = resolvePath(import.meta.dirname, "../..");
export const OWN_CONFIGURATION = readFileSync(resolvePath(ROOT, "gatebook.yml"), "utf8");

interface SynthesisedResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  /** A Ref is written out as the logical id, an ARN as `arnOf` has it, another attribute as `Id.Attribute`. */
  // biome-ignore lint/suspicious/noExplicitAny: a template has hundreds of shapes, and an expectation on a wrong one fails.
  readonly Properties: any;
}

export interface SynthesisedStack {
  readonly app: App;
  readonly stack: Stack;
  /** The template as text. */
  readonly text: string;
  readonly resources: readonly SynthesisedResource[];
  ofType(...types: readonly string[]): readonly SynthesisedResource[];
  /** The one of its type whose logical id begins like this. */
  only(type: string, prefix: string): SynthesisedResource;
  arnOf(logicalId: string): string;
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  "AWS::AccountId": LOCAL_ACCOUNT,
  "AWS::Region": LOCAL_REGION,
  "AWS::Partition": "aws",
};
const REF_IS_ARN = new Set(["AWS::SNS::Topic", "AWS::SecretsManager::Secret"]);
/** Where policies look at an ARN's form. */
const ARN_PREFIXES: Readonly<Record<string, string>> = {
  "AWS::IAM::Role": `arn:aws:iam::${LOCAL_ACCOUNT}:role/`,
  "AWS::KMS::Key": `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/`,
};

export function synthesise(configuration: string = OWN_CONFIGURATION): SynthesisedStack {
  const app = createApp();
  const stack = new GatebookStack(app, "Gatebook", {
    configuration: parseConfiguration(configuration, "gatebook.yml"),
    settings: "settings.json",
  });
  return readStack(app, stack);
}

export function createApp(): App {
  return new App({ context: { ...FEATURE_FLAGS, "aws:cdk:bundling-stacks": [] } });
}

export function readStack(app: App, stack: Stack): SynthesisedStack {
  const template = Template.fromStack(stack).toJSON();
  const types = new Map(Object.entries<{ Type: string }>(template["Resources"]).map(([id, { Type }]) => [id, Type]));
  const arnOf = (id: string) => `${ARN_PREFIXES[types.get(id) ?? ""] ?? "arn:aws:other:::"}${id}`;
  const scope = {
    template: parseTemplate(template, stack.stackName),
    reference: (name: string) =>
      PSEUDO_PARAMETERS[name] ?? (REF_IS_ARN.has(types.get(name) ?? "") ? arnOf(name) : name),
    attribute: (id: string, name: string) => (name === "Arn" ? arnOf(id) : `${id}.${name}`),
  };
  const resources = Object.entries<Omit<SynthesisedResource, "logicalId">>(template["Resources"]).map(
    ([logicalId, resource]) => ({ ...resource, logicalId, Properties: resolve(resource.Properties, scope) }),
  );
  const ofType = (...wanted: readonly string[]) => resources.filter(({ Type }) => wanted.includes(Type));
  return {
    app,
    stack,
    text: JSON.stringify(template),
    resources,
    ofType,
    only(type, prefix) {
      const found = ofType(type).filter(({ logicalId }) => logicalId.startsWith(prefix));
      const [one] = found;
      if (one === undefined || found.length !== 1) throw new Error(`${found.length} resources ${type} begin ${prefix}`);
      return one;
    },
    arnOf,
  };
}
