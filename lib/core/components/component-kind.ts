/** What part of a delivery a resource is, by its name. */

export const COMPONENT_KINDS = [
  "deploy role",
  "role",
  "pipeline",
  "build project",
  "deployment target",
  "secret",
  "key",
  "state bucket",
  "artifact bucket",
  "registry",
  "repository",
] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

export interface Component {
  readonly kind: ComponentKind;
  /** The name of the whole: the pipeline of an approval, the bucket of an object. */
  readonly name: string;
}

type Shape = readonly [name: RegExp, kind: ComponentKind];

/** The first that fits; the part in brackets is the component's name. */
const SHAPES: readonly Shape[] = [
  [/^(arn:aws[a-z-]*:iam::\d{12}:role\/\S+)$/, "role"],
  [/^(arn:aws[a-z-]*:codepipeline:[^:]+:\d{12}:[^/:]+)/, "pipeline"],
  [/^(arn:aws[a-z-]*:codebuild:[^:]+:\d{12}:project\/[^/:]+)/, "build project"],
  [/^(arn:aws[a-z-]*:codedeploy:[^:]+:\d{12}:deploymentgroup:\S+)/, "deployment target"],
  [/^(arn:aws[a-z-]*:cloudformation:[^:]+:\d{12}:stack\/[^/]+)/, "deployment target"],
  [/^(arn:aws[a-z-]*:ecs:[^:]+:\d{12}:service\/\S+)/, "deployment target"],
  [/^(arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:[^:]+)/, "deployment target"],
  // Secrets Manager puts six characters of its own behind a name: with and without them it is one secret.
  [/^(arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:.+?)(?:-[A-Za-z0-9]{6})?$/, "secret"],
  [/^(arn:aws[a-z-]*:ssm:[^:]+:\d{12}:parameter\/\S+)$/, "secret"],
  [/^(arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\/\S+)$/, "key"],
  [/^(arn:aws[a-z-]*:s3:::[^/]+)\/.*\.tfstate(?:\.d)?(?:\/|$|\.)/, "state bucket"],
  [/^(arn:aws[a-z-]*:s3:::[^/]*(?:tfstate|terraform|pulumi|-state)[^/]*)(?:\/|$)/, "state bucket"],
  [/^(arn:aws[a-z-]*:s3:::[^/]*(?:artifact|codepipeline|-assets-|release)[^/]*)(?:\/|$)/, "artifact bucket"],
  [/^(arn:aws[a-z-]*:ecr(?:-public)?:[^:]*:\d{12}:repository\/\S+)$/, "registry"],
  [/^(arn:aws[a-z-]*:codeartifact:[^:]+:\d{12}:repository\/\S+)/, "registry"],
  [/^(arn:aws[a-z-]*:codecommit:[^:]+:\d{12}:[^/:]+)$/, "repository"],
  [/^((?:github|bitbucket):[\w.-]+\/[\w.-]+)(?:[@/]|$)/, "repository"],
  [/^(gitlab:[\w.-]+(?:\/[\w.-]+)+?)(?:[@!]|\/(?:-|merge_requests|pipelines|jobs)\/|$)/, "repository"],
];

/** @param uid a resource as OCSF has it: an ARN, or a name of ours such as `github:acme/shop` */
export function componentOf(uid: string): Component | undefined {
  for (const [shape, kind] of SHAPES) {
    const name = shape.exec(uid)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}
