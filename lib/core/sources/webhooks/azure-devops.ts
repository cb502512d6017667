/** Azure DevOps service hooks as a webhook source (https://learn.microsoft.com/azure/devops/service-hooks/events). */
import * as z from "zod";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { OcsfResource } from "../../record/ocsf.ts";
import { anything, part, read, text } from "../fields.ts";
import { verifyBasic } from "./shared-secret.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import type { WebhookMessage, WebhookSource } from "./webhook-source.ts";

const Person = part(z.object({ id: text, uniqueName: text, displayName: text }));
const Commit = part(z.object({ commitId: text }));
const Definition = part(z.object({ name: text, url: text }));

/** Each field may be missing or of another type. */
const Payload = z.object({
  id: text,
  eventType: text,
  resource: part(
    z.object({
      date: text,
      status: text,
      result: text,
      creationDate: text,
      closedDate: text,
      finishTime: text,
      pullRequestId: anything,
      lastMergeSourceCommit: Commit,
      lastMergeCommit: Commit,
      sourceVersion: text,
      pushedBy: Person,
      createdBy: Person,
      closedBy: Person,
      requestedFor: Person,
      refUpdates: anything,
      repository: part(z.object({ name: text, url: text, project: part(z.object({ name: text })) })),
      definition: Definition,
      release: part(z.object({ id: anything, createdOn: text, createdBy: Person, releaseDefinition: Definition })),
      approval: part(z.object({ status: text, modifiedOn: text, approvedBy: Person, isAutomated: anything })),
      project: part(z.object({ name: text })),
    }),
  ),
});
type Resource = z.infer<typeof Payload>["resource"];
type Person = z.infer<typeof Person>;

/** A push of more refs than this is named by its first: the rest is in the raw data. */
const MAX_REFS = 20;
const RefUpdates = z.array(part(z.object({ name: text, newObjectId: text })));

export const azureDevOps: WebhookSource = {
  name: "azure-devops",
  // It signs nothing, and sends a name and a password, of which the password is the secret: `authorization` is never kept.
  keptHeaders: ["content-type", "user-agent"],
  verify: async (request, secret) => verifyBasic(request, secret),
  normalise(message) {
    const { id, eventType: operation = "unknown", resource } = read(Payload, message.original, "the webhook's payload");
    const isMerge = operation === "git.pullrequest.updated" && resource?.status === "completed";
    return webhookEvent(message, {
      product: "Azure DevOps",
      vendor: "Microsoft",
      operation,
      action: actionOf(operation, resource, isMerge),
      delivery: id,
      time: timeOf(operation, resource, isMerge),
      user: actorOf(message, operation, resource, isMerge),
      resources: resourcesOf(resource),
      status: statusOf(operation, resource),
      trace: traceOf(resource),
      commits: commitsOf(resource, isMerge),
    });
  },
};

const ACTIONS = new Map<string, DeliveryAction>([
  ["git.push", "source.push"],
  ["ms.vss-release.release-created-event", "pipeline.start"],
  ["ms.vss-release.deployment-started-event", "deploy.start"],
]);
const APPROVED = "ms.vss-release.deployment-approval-completed-event";

/** `git.pullrequest.merged` only says that a merge was tried out; a request that was completed is told of as updated. */
function actionOf(operation: string, resource: Resource, isMerge: boolean): DeliveryAction {
  if (isMerge) return "source.merge";
  const { status, isAutomated } = resource?.approval ?? {};
  // Where no approver is set, the stage approves itself.
  if (operation !== APPROVED || isAutomated === true) return ACTIONS.get(operation) ?? "other";
  if (status === "approved") return "pipeline.approve";
  return status === "rejected" ? "pipeline.reject" : "other";
}

function actorOf(message: WebhookMessage, operation: string, resource: Resource, isMerge: boolean) {
  const people: Readonly<Record<string, Person>> = {
    "git.push": resource?.pushedBy,
    "git.pullrequest.created": resource?.createdBy,
    "git.pullrequest.updated": isMerge ? resource?.closedBy : undefined,
    "build.complete": resource?.requestedFor,
    "ms.vss-release.release-created-event": resource?.release?.createdBy,
    [APPROVED]: resource?.approval?.isAutomated === true ? undefined : resource?.approval?.approvedBy,
  };
  const person = Object.hasOwn(people, operation) ? people[operation] : undefined;
  const name = person?.uniqueName;
  return webhookUser(message, name ?? person?.id, { name: person?.displayName, email: name });
}

function timeOf(operation: string, resource: Resource, isMerge: boolean): number | undefined {
  if (isMerge) return writtenTime(resource?.closedDate);
  if (operation === "git.pullrequest.created") return writtenTime(resource?.creationDate);
  if (operation === APPROVED) return writtenTime(resource?.approval?.modifiedOn);
  if (operation === "ms.vss-release.release-created-event") return writtenTime(resource?.release?.createdOn);
  return writtenTime(resource?.date ?? resource?.finishTime);
}

function statusOf(operation: string, resource: Resource): WebhookStatus {
  const result = resource?.result ?? resource?.status ?? "";
  return operation === "build.complete" && !/^(partially)?succeeded$/i.test(result) ? "failure" : "success";
}

function pathOf(resource: Resource): string | undefined {
  const { repository, release } = resource ?? {};
  const definition = resource?.definition ?? release?.releaseDefinition;
  const project = repository?.project?.name ?? resource?.project?.name;
  const organisation = organisationOf(repository?.url ?? definition?.url);
  return [organisation, project, repository?.name ?? definition?.name].filter(Boolean).join("/") || undefined;
}

function resourcesOf(resource: Resource): readonly OcsfResource[] {
  const path = pathOf(resource);
  if (path === undefined) return [];
  const { repository, pullRequestId, release } = resource ?? {};
  const uid = `azure-devops:${path}`;
  return [
    { uid, name: path, type: repository === undefined ? "pipeline" : "repository" },
    ...(typeof pullRequestId === "number"
      ? [{ uid: `${uid}/pullrequest/${pullRequestId}`, type: "pull-request" }]
      : []),
    ...(typeof release?.id === "number" ? [{ uid: `${uid}/releases/${release.id}`, type: "release" }] : []),
    ...refsOf(resource).map((ref) => ({ uid: `${uid}@${ref}`, type: "ref" })),
  ];
}

function traceOf(resource: Resource): string | undefined {
  const [path, id, request] = [pathOf(resource), resource?.release?.id, resource?.pullRequestId];
  if (path === undefined) return undefined;
  if (typeof request === "number") return `azure-devops:${path}/pullrequest/${request}`;
  return typeof id === "number" ? `azure-devops:${path}/releases/${id}` : undefined;
}

/** Before a request is completed, its merge commit is a trial that no branch will ever have. */
function commitsOf(resource: Resource, isMerge: boolean): unknown[] {
  const pushed = RefUpdates.safeParse(resource?.refUpdates).data ?? [];
  return [
    ...pushed.map((update) => update?.newObjectId),
    resource?.lastMergeSourceCommit?.commitId,
    isMerge ? resource?.lastMergeCommit?.commitId : undefined,
    resource?.sourceVersion,
  ];
}

/** The first part of an address in the API; the payload has the organisation nowhere else. */
function organisationOf(url: string | undefined): string | undefined {
  return URL.parse(url ?? "")?.pathname.split("/")[1];
}

function refsOf(resource: Resource): readonly string[] {
  const updates = RefUpdates.safeParse(resource?.refUpdates).data ?? [];
  return updates
    .map((update) => update?.name)
    .filter((name) => name !== undefined)
    .slice(0, MAX_REFS);
}
