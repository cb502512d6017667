/** Systems that Gatebook has no source for, but whose recordings say who did what: read as far as their documentation goes, and no further. */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { isArn, isPrincipalArn, partitionOf } from "../aws/arn.ts";
import { isObject, type JsonObject } from "../json.ts";
import { gitHubEventOf } from "./recognise-github.ts";

export const RECORDED_SYSTEMS = [
  "okta",
  "onelogin",
  "gitea",
  "docker-hub",
  "s3-notification",
  "codecommit-trigger",
] as const;
export type RecordedSystemName = (typeof RECORDED_SYSTEMS)[number];

/** What a record tells; values are whatever stands there, and are checked by who reads them. */
export interface RecordedFacts {
  readonly operation: unknown;
  readonly id?: unknown;
  /** A time as text, or seconds since 1970. */
  readonly time?: unknown;
  /** Who did it: an account of the system, or an ARN. */
  readonly who?: unknown;
  readonly resources?: readonly unknown[];
  readonly sourceAddress?: unknown;
  readonly action?: DeliveryAction;
}

interface RecordedSystem {
  readonly product: string;
  readonly vendor: string;
  /** Under which Sigma rules know its records. */
  readonly logsource: { readonly product: string; readonly service: string };
  isOf(record: JsonObject): boolean;
  factsOf(record: JsonObject): RecordedFacts;
}

export const recordedSystems: Readonly<Record<RecordedSystemName, RecordedSystem>> = {
  /** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/ */
  okta: {
    product: "Okta",
    vendor: "Okta",
    logsource: { product: "okta", service: "okta" },
    isOf: ({ eventType, published, actor }) => areTexts(eventType, published) && isObject(actor),
    factsOf: ({ uuid, published, eventType, actor, client, target }) => ({
      operation: eventType,
      id: uuid,
      time: published,
      who: member(actor, "alternateId"),
      resources: (Array.isArray(target) ? target : []).map((each) => prefixed("okta", member(each, "alternateId"))),
      sourceAddress: member(client, "ipAddress"),
    }),
  },
  /** https://developers.onelogin.com/api-docs/1/events/event-resource */
  onelogin: {
    product: "OneLogin",
    vendor: "One Identity",
    logsource: { product: "onelogin", service: "onelogin.events" },
    isOf: ({ event_type_id: type, account_id: account, created_at: time }) =>
      typeof type === "number" && typeof account === "number" && areTexts(time),
    factsOf: ({ event_type_id: type, created_at, actor_user_name, actor_user_id, user_name, app_name, ipaddr }) => ({
      operation: `event-type-${type}`,
      // Its id counts within one account, and samples use one for all: the hash of the record tells them apart.
      time: created_at,
      who: actor_user_name || actor_user_id,
      resources: [prefixed("onelogin", user_name), prefixed("onelogin", app_name)],
      sourceAddress: ipaddr,
    }),
  },
  /** https://docs.gitea.com/usage/webhooks: shaped as GitHub's, with accounts of its own shape. */
  gitea: {
    product: "Gitea",
    vendor: "Gitea",
    logsource: { product: "gitea", service: "webhook" },
    isOf: ({ sender }) => areTexts(member(sender, "login"), member(sender, "username")) && !member(sender, "node_id"),
    factsOf: (record) => ({
      operation: [gitHubEventOf(record), record["action"]].filter((word) => areTexts(word)).join("."),
      who: member(record["sender"], "login"),
      resources: [prefixed("gitea", member(record["repository"], "full_name"))],
      action: gitHubEventOf(record) === "push" ? "source.push" : "other",
    }),
  },
  /** https://docs.docker.com/docker-hub/repos/manage/webhooks/ */
  "docker-hub": {
    product: "Docker Hub",
    vendor: "Docker",
    logsource: { product: "docker-hub", service: "webhook" },
    isOf: ({ push_data: push, repository }) => isObject(push) && areTexts(member(repository, "repo_name")),
    factsOf: ({ push_data: push, repository }) => ({
      operation: "push",
      time: member(push, "pushed_at"),
      who: member(push, "pusher"),
      resources: [prefixed("docker-hub", member(repository, "repo_name"))],
      action: "artifact.publish",
    }),
  },
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
  "s3-notification": {
    product: "S3",
    vendor: "AWS",
    logsource: { product: "aws", service: "s3-notification" },
    isOf: ({ eventSource, s3 }) => eventSource === "aws:s3" && isObject(s3),
    factsOf: ({ eventName, eventTime, userIdentity, requestParameters, awsRegion, s3 }) => ({
      operation: eventName,
      time: eventTime,
      who: member(userIdentity, "principalId"),
      resources: s3Arns(awsRegion, s3),
      sourceAddress: member(requestParameters, "sourceIPAddress"),
    }),
  },
  /** https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-lambda.html */
  "codecommit-trigger": {
    product: "CodeCommit",
    vendor: "AWS",
    logsource: { product: "aws", service: "codecommit-trigger" },
    isOf: ({ eventSource, codecommit }) => eventSource === "aws:codecommit" && isObject(codecommit),
    factsOf: ({ eventId, eventName, eventTime, userIdentityARN, eventSourceARN }) => ({
      operation: eventName,
      id: eventId,
      time: eventTime,
      who: isPrincipalArn(userIdentityARN) ? userIdentityARN : undefined,
      resources: [isArn(eventSourceARN) ? eventSourceARN : undefined],
      // Trying a trigger out pushes nothing.
      action: eventName === "TriggerEventTest" ? "other" : "source.push",
    }),
  },
};

export function recordedSystemOf(record: JsonObject): RecordedSystemName | undefined {
  return RECORDED_SYSTEMS.find((name) => recordedSystems[name].isOf(record));
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string" && value !== "");
}

function prefixed(system: string, name: unknown): string | undefined {
  return areTexts(name) ? `${system}:${name}` : undefined;
}

function s3Arns(region: unknown, s3: unknown): readonly unknown[] {
  const [bucket, key] = [member(member(s3, "bucket"), "name"), member(member(s3, "object"), "key")];
  if (!areTexts(bucket)) return [];
  const arn = `arn:${partitionOf(typeof region === "string" ? region : undefined)}:s3:::${bucket}`;
  return [areTexts(key) ? `${arn}/${key}` : undefined, arn];
}
