/** Amazon Resource Names (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */

/** Where an ARN is made: the partition follows from the region. */
export interface AwsPlace {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

/** IAM bounds an ARN at 2,048 characters. */
const MAX_ARN_CHARS = 2048;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S/;
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(user\/|role\/|assumed-role\/|federated-user\/|root$)/;

const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-iso-", "aws-iso"],
  ["eusc-", "aws-eusc"],
];

export function partitionOf(region: string | undefined): string {
  return PARTITIONS.find(([prefix]) => region?.startsWith(prefix))?.[1] ?? "aws";
}

export function isArn(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_ARN_CHARS && ARN.test(value);
}

/** An ARN of somebody who acts: a user, a role, a session, the root. */
export function isPrincipalArn(value: unknown): value is string {
  return isArn(value) && PRINCIPAL_ARN.test(value);
}

/** A regional ARN, or nothing where its region or account is not known. */
export function regionalArn(service: string, { region, account }: AwsPlace, resource: string): string | undefined {
  if (region === undefined || account === undefined) return undefined;
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** Names in IAM hold no other characters; what else may be typed there (CloudTrail writes "AWS ROOT USER") names nothing. */
const IAM_NAME = /^[\w+=,.@-]+$/;

/** The ARN of a user, role or group by its name alone: its path is not told, and rarely set. */
export function iamArn(kind: string, name: string, { region, account }: AwsPlace): string | undefined {
  if (account === undefined || !IAM_NAME.test(name)) return undefined;
  return `arn:${partitionOf(region)}:iam::${account}:${kind}/${name}`;
}

/** `assumed-role/<role>/<session>` in parts. */
export function assumedRoleOf(arn: string | undefined): { readonly role?: string; readonly session?: string } {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? "") ?? [];
  return { ...(role !== undefined && { role }), ...(session !== undefined && { session }) };
}
