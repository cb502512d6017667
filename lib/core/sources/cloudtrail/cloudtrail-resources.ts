/** What a CloudTrail call touched, as ARNs: by the service's own parameters, then whatever ARNs the record carries. */
import type { OcsfResource } from "../../record/ocsf.ts";
import { type AwsPlace, iamArn, isArn, partitionOf, regionalArn } from "../aws/arn.ts";
import { pipelineArns } from "../aws/codepipeline-arns.ts";
import { defined } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import { serviceOf } from "./cloudtrail-action.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

/** A call about more things than these is a bulk call: the record keeps all of them, the event the first. */
const MAX_RESOURCES = 50;

type ToArn = (name: string, place: AwsPlace) => string | undefined;
type Named = Readonly<Record<string, ToArn>>;

const inRegion =
  (service: string, prefix = ""): ToArn =>
  (name, place) =>
    regionalArn(service, place, `${prefix}${name}`);

const inIam =
  (kind: string): ToArn =>
  (name, place) =>
    iamArn(kind, name, place);

const bucket: ToArn = (name, { region }) => `arn:${partitionOf(region)}:s3:::${name}`;
const parameter: ToArn = (name, place) =>
  regionalArn("ssm", place, `parameter${name.startsWith("/") ? "" : "/"}${name}`);
/** https://sqs.eu-west-1.amazonaws.com/111122223333/orders, whose account need not be the caller's. */
const queue: ToArn = (url, { region }) => {
  const [, account, name] = /\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
  return name === undefined ? undefined : regionalArn("sqs", { region, account }, name);
};
const key: ToArn = (name, place) => regionalArn("kms", place, name.startsWith("alias/") ? name : `key/${name}`);

/** Request parameters that name a resource, by service. A value that is an ARN already is taken as it is. */
const NAMED: ReadonlyMap<string, Named> = new Map<string, Named>([
  ["codebuild", { projectName: inRegion("codebuild", "project/"), name: inRegion("codebuild", "project/") }],
  ["codedeploy", { applicationName: inRegion("codedeploy", "application:") }],
  ["codecommit", { repositoryName: inRegion("codecommit") }],
  ["ecr", { repositoryName: inRegion("ecr", "repository/") }],
  [
    "iam",
    {
      userName: inIam("user"),
      roleName: inIam("role"),
      groupName: inIam("group"),
    },
  ],
  ["secretsmanager", { secretId: inRegion("secretsmanager", "secret:"), name: inRegion("secretsmanager", "secret:") }],
  ["ssm", { name: parameter, names: parameter, path: parameter }],
  ["kms", { keyId: key }],
  ["s3", { bucketName: bucket }],
  ["sqs", { queueUrl: queue }],
  ["lambda", { functionName: inRegion("lambda", "function:") }],
  ["cloudtrail", { name: inRegion("cloudtrail", "trail/"), trailName: inRegion("cloudtrail", "trail/") }],
  ["ecs", { cluster: inRegion("ecs", "cluster/") }],
  ["cloudformation", { stackName: inRegion("cloudformation", "stack/") }],
  ["events", { name: inRegion("events", "rule/"), rule: inRegion("events", "rule/") }],
  ["logs", { logGroupName: inRegion("logs", "log-group:") }],
  ["guardduty", { detectorId: inRegion("guardduty", "detector/") }],
  ["dynamodb", { tableName: inRegion("dynamodb", "table/") }],
  ["monitoring", { alarmName: inRegion("cloudwatch", "alarm:"), alarmNames: inRegion("cloudwatch", "alarm:") }],
]);

export function cloudTrailResources(record: CloudTrailRecord): readonly OcsfResource[] | undefined {
  const { requestParameters = {}, responseElements = {}, resources = [] } = record;
  const types = new Map(resources.map(({ ARN, type }) => [ARN, type]));
  const uids = new Set(
    [
      ...special(record),
      ...named(record),
      deniedResource(record),
      ...arnsIn(requestParameters),
      ...resources.map(({ ARN }) => ARN),
      ...arnsIn(responseElements),
    ].filter(isArn),
  );
  if (uids.size === 0) return undefined;
  return [...uids].slice(0, MAX_RESOURCES).map((uid) => defined({ uid, type: types.get(uid) }));
}

/** Names that take more than one parameter to resolve. */
function special(record: CloudTrailRecord): readonly (string | undefined)[] {
  const { requestParameters: request = {}, additionalEventData, serviceEventDetails } = record;
  const place = placeOf(record);
  switch (serviceOf(record.eventSource)) {
    case "codepipeline":
      return pipelineArns(request, place);
    case "codedeploy":
      return [deploymentGroup(request, place)];
    case "codecommit":
      // Git's own operations have no request parameters.
      return [namedBy(additionalEventData?.["repositoryName"], inRegion("codecommit"), place)];
    case "ecs":
      return [serviceArn(request, place)];
    case "s3":
      return typeof request["key"] === "string" && typeof request["bucketName"] === "string"
        ? [bucket(`${request["bucketName"]}/${request["key"]}`, place)]
        : [];
    case "secretsmanager": {
      // What Secrets Manager does of itself (rotation, deletion) has no request parameters.
      const secrets = [additionalEventData?.["SecretId"], serviceEventDetails?.["SecretId"]];
      return secrets.map((secret) => namedBy(secret, inRegion("secretsmanager", "secret:"), place));
    }
    case "signin": {
      const role = additionalEventData?.["SwitchTo"];
      return [typeof role === "string" ? role : undefined];
    }
    default:
      return [];
  }
}

function deploymentGroup({ applicationName, deploymentGroupName }: JsonObject, place: AwsPlace): string | undefined {
  if (typeof applicationName !== "string" || typeof deploymentGroupName !== "string") return undefined;
  return regionalArn("codedeploy", place, `deploymentgroup:${applicationName}/${deploymentGroupName}`);
}

function serviceArn({ cluster, service }: JsonObject, place: AwsPlace): string | undefined {
  if (typeof service !== "string" || isArn(service)) return typeof service === "string" ? service : undefined;
  const clusterName = typeof cluster === "string" ? cluster.replace(/^.*cluster\//, "") : "default";
  return regionalArn("ecs", place, `service/${clusterName}/${service}`);
}

function named(record: CloudTrailRecord): readonly (string | undefined)[] {
  const place = placeOf(record);
  const { requestParameters = {}, eventSource } = record;
  return Object.entries(NAMED.get(serviceOf(eventSource)) ?? {}).flatMap(([name, toArn]) => {
    const value = requestParameters[name];
    const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_RESOURCES) : [value];
    return values.map((each) => namedBy(each, toArn, place));
  });
}

function namedBy(value: unknown, toArn: ToArn, place: AwsPlace): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return isArn(value) ? value : toArn(value, place);
}

/** A denied call often comes without its parameters; AWS's own message still says on what it was tried. */
function deniedResource({ errorCode, errorMessage = "" }: CloudTrailRecord): string | undefined {
  const isDenial = /^(AccessDenied|.*UnauthorizedOperation|.*NotAuthorized)/.test(errorCode ?? "");
  return isDenial ? / on resource: (arn:\S+)/.exec(errorMessage)?.[1] : undefined;
}

/** ARNs among the members, and the `arn` of members that are objects: `roleArn`, `{ role: { arn } }`. */
function arnsIn(members: JsonObject): readonly unknown[] {
  return Object.values(members).map((value) => (isObject(value) ? value["arn"] : value));
}

/** The account that owns what was called is the one that received the event. */
export function placeOf({ awsRegion, recipientAccountId, userIdentity }: CloudTrailRecord): AwsPlace {
  return { region: awsRegion, account: recipientAccountId ?? userIdentity?.accountId };
}
