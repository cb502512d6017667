/** Which system sent a webhook, told from its body alone, and the headers that its source reads and a recording has lost. */
import { isTime } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { WebhookSourceName } from "../webhooks/webhook-source.ts";
import { bitbucketKeyOf } from "./recognise-bitbucket.ts";
import { gitHubEventOf, isGitHubEvent } from "./recognise-github.ts";

export interface RecognisedWebhook {
  readonly source: WebhookSourceName;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

type Recognise = (body: JsonObject, hints: readonly string[]) => RecognisedWebhook | undefined;

/** Each looks for members that no other system's body has together, so that their order does not matter much: the loosest is last. */
const RECOGNISERS: readonly Recognise[] = [
  asAzureDevOps,
  asCircleCi,
  asBuildkite,
  asTerraformCloud,
  asJenkins,
  asArgoCd,
  asGitLab,
  asBitbucket,
  asGitHub,
];

/**
 * @param hints names around the recording, such as those of its folders, the nearest last: asked only where the body itself does not tell
 */
export function recogniseWebhook(body: JsonObject, hints: readonly string[]): RecognisedWebhook | undefined {
  for (const recognise of RECOGNISERS) {
    const recognised = recognise(body, hints);
    if (recognised !== undefined) return recognised;
  }
  return undefined;
}

/** What the Standard Webhooks advise a body to be: so little that whatever else it may be goes before. */
export function recogniseStandardWebhook({
  type,
  timestamp,
  data,
  ...more
}: JsonObject): RecognisedWebhook | undefined {
  const isStandard = isText(type) && isTime(timestamp) && isObject(data) && Object.keys(more).length === 0;
  return isStandard ? { source: "standard", headers: {} } : undefined;
}

function asAzureDevOps({ eventType, publisherId, resource }: JsonObject): RecognisedWebhook | undefined {
  return isText(eventType) && isText(publisherId) && isObject(resource)
    ? { source: "azure-devops", headers: {} }
    : undefined;
}

function asCircleCi({ type, happened_at, webhook }: JsonObject): RecognisedWebhook | undefined {
  return isText(type) && isText(happened_at) && isObject(webhook)
    ? { source: "circleci", headers: { "circleci-event-type": type } }
    : undefined;
}

function asBuildkite({ event, sender, ...about }: JsonObject): RecognisedWebhook | undefined {
  const isBuildkite = isText(event) && event.includes(".") && isObject(sender);
  return isBuildkite && ["build", "agent", "job", "pipeline"].some((name) => isObject(about[name]))
    ? { source: "buildkite", headers: { "x-buildkite-event": event } }
    : undefined;
}

function asTerraformCloud({ notification_configuration_id: id, notifications }: JsonObject) {
  return isText(id) && Array.isArray(notifications) ? ({ source: "terraform-cloud", headers: {} } as const) : undefined;
}

function asJenkins({ name, build }: JsonObject): RecognisedWebhook | undefined {
  const isBuild = isText(name) && isObject(build) && isText(build["phase"]) && "number" in build;
  return isBuild ? { source: "jenkins", headers: {} } : undefined;
}

/** The whole Application, or as the member `app` of what a template writes. */
function asArgoCd({ app, ...body }: JsonObject): RecognisedWebhook | undefined {
  const { metadata, spec, status } = isObject(app) ? app : body;
  const isApplication = isObject(metadata) && isObject(spec) && isText(spec["project"]) && isObject(status);
  return isApplication ? { source: "argocd", headers: {} } : undefined;
}

/** Project hooks say `object_kind`; system hooks, and a group's about its members, `event_name` and when it was. */
function asGitLab({ object_kind: kind, event_name: event, ...about }: JsonObject): RecognisedWebhook | undefined {
  const isSystemHook =
    isText(event) && ["created_at", "project_id", "group_id", "user_id"].some((name) => name in about);
  return isText(kind) || isSystemHook ? { source: "gitlab", headers: {} } : undefined;
}

/** Data Center names its event in the body; Cloud does in the header alone. */
function asBitbucket(body: JsonObject, hints: readonly string[]): RecognisedWebhook | undefined {
  const { eventKey, actor, repository } = body;
  if (!isObject(actor)) return undefined;
  if (isText(eventKey)) return { source: "bitbucket", headers: { "x-event-key": eventKey } };
  const isCloud = isObject(repository) && isText(repository["full_name"]) && !("sender" in body);
  if (!isCloud) return undefined;
  const key = bitbucketKeyOf(body, hints);
  return { source: "bitbucket", headers: key === undefined ? {} : { "x-event-key": key } };
}

/** GitHub's events name who sent them, but for those about an advisory, which nobody did. */
function asGitHub(body: JsonObject, hints: readonly string[]): RecognisedWebhook | undefined {
  const { sender, security_advisory: advisory } = body;
  const isAdvisory = isObject(advisory) && isText(advisory["ghsa_id"]);
  if (!isAdvisory && !(isObject(sender) && isText(sender["login"]))) return undefined;
  const event = gitHubEventOf(body) ?? hints.findLast(isGitHubEvent);
  return { source: "github", headers: event === undefined ? {} : { "x-github-event": event } };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
