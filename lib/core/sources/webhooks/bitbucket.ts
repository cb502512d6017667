/** Bitbucket Cloud and Data Center as a webhook source (https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { OcsfResource, OcsfUser } from "../../record/ocsf.ts";
import { anything, part, read, text } from "../fields.ts";
import { lenient } from "../read-members.ts";
import { webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import { verifyBodyHmac } from "./webhook-signature.ts";
import type { WebhookMessage, WebhookSource } from "./webhook-source.ts";

/** By event key; what is not here is `other`. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["repo:push", "source.push"],
  ["repo:refs_changed", "source.push"],
  ["pullrequest:fulfilled", "source.merge"],
  ["pr:merged", "source.merge"],
  ["pullrequest:approved", "source.review"],
  ["pullrequest:unapproved", "source.review"],
  ["pullrequest:changes_request_created", "source.review"],
  ["pullrequest:changes_request_removed", "source.review"],
  ["pr:reviewer:approved", "source.review"],
  ["pr:reviewer:unapproved", "source.review"],
  ["pr:reviewer:needs_work", "source.review"],
  ["pr:reviewer:changes_requested", "source.review"],
  ["repo:updated", "source.admin"],
  ["repo:modified", "source.admin"],
  ["repo:transfer", "source.admin"],
  ["repo:deleted", "source.admin"],
  ["project:modified", "source.admin"],
]);

const Repository = part(z.object({ full_name: text, slug: text, project: part(z.object({ key: text })) }));
const Ref = part(z.object({ repository: Repository }));
const Branch = part(z.object({ name: text, type: text, target: part(z.object({ hash: text })) }));
const Side = part(z.object({ commit: part(z.object({ hash: text })) }));

const Changes = z.array(part(z.object({ refId: text, toHash: text })));

/** Each field may be missing or of another type. Cloud writes `pullrequest`, Data Center `pullRequest`. */
const Payload = z.object({
  eventKey: text,
  /** Of Data Center. */
  date: text,
  actor: part(
    z.object({ account_id: text, uuid: text, name: text, nickname: text, display_name: text, emailAddress: text }),
  ),
  repository: Repository,
  pullrequest: part(
    z.object({ id: anything, updated_on: text, source: Side, merge_commit: part(z.object({ hash: text })) }),
  ),
  pullRequest: part(
    z.object({
      id: anything,
      toRef: Ref,
      fromRef: part(z.object({ latestCommit: text })),
      properties: part(z.object({ mergeCommit: part(z.object({ id: text })) })),
    }),
  ),
  approval: part(z.object({ date: text })),
  push: part(z.object({ changes: z.array(part(z.object({ new: Branch, old: Branch }))).optional() })),
  changes: lenient((value) => Changes.safeParse(value).data),
});
type Payload = z.infer<typeof Payload>;

/** A push of more refs than this is named by its first: the rest is in the raw data. */
const MAX_REFS = 20;

export const bitbucket: WebhookSource = {
  name: "bitbucket",
  eventHeader: "X-Event-Key",
  keptHeaders: [
    "content-type",
    "user-agent",
    "x-event-key",
    "x-hook-uuid",
    "x-request-uuid",
    "x-request-id",
    "x-hub-signature",
  ],
  verify: async (request, secret) =>
    verifyBodyHmac({ header: "x-hub-signature", algorithm: "sha256", prefix: "sha256=" }, request, secret),
  normalise(message): NormalisedEvent {
    const payload = read(Payload, message.original, "the webhook's payload");
    const { headers } = message;
    const operation = headers["x-event-key"] ?? payload.eventKey ?? "unknown";
    return webhookEvent(message, {
      product: "Bitbucket",
      vendor: "Atlassian",
      operation,
      action: ACTIONS.get(operation) ?? "other",
      delivery: headers["x-request-uuid"] ?? headers["x-request-id"],
      time: timeOf(operation, payload),
      user: actorOf(message, payload),
      resources: resourcesOf(payload),
      trace: requestOf(payload),
      commits: commitsOf(payload),
    });
  },
};

/** Data Center tells when it happened. In Cloud, an approval does and a request that changed; pushes have only their commits' times. */
function timeOf(operation: string, { date, approval, pullrequest }: Payload): number | undefined {
  const isOfRequest = /^pullrequest:(created|updated|fulfilled|rejected)$/.test(operation);
  return writtenTime(date ?? approval?.date ?? (isOfRequest ? pullrequest?.updated_on : undefined));
}

/** A nickname is not unique in Cloud, and anybody may change theirs to another's: the account's id names who it is. */
function actorOf(message: WebhookMessage, { actor }: Payload): OcsfUser | undefined {
  const name = actor?.nickname ?? actor?.display_name ?? actor?.name;
  return webhookUser(message, actor?.account_id ?? actor?.name ?? actor?.uuid, { name, email: actor?.emailAddress });
}

function resourcesOf(payload: Payload): readonly OcsfResource[] {
  const path = pathOf(payload);
  if (path === undefined) return [];
  const uid = `bitbucket:${path}`;
  const request = requestOf(payload);
  return [
    { uid, name: path, type: "repository" },
    ...(request === undefined ? [] : [{ uid: request, type: "pull-request" }]),
    ...refsOf(payload).map((ref) => ({ uid: `${uid}@${ref}`, type: "ref" })),
  ];
}

function pathOf({ pullRequest, repository = pullRequest?.toRef?.repository }: Payload): string | undefined {
  return repository?.full_name ?? joined(repository?.project?.key, repository?.slug);
}

function requestOf(payload: Payload): string | undefined {
  const [path, id] = [pathOf(payload), payload.pullrequest?.id ?? payload.pullRequest?.id];
  return path === undefined || typeof id !== "number" ? undefined : `bitbucket:${path}/pull-requests/${id}`;
}

/** Cloud shortens the hashes of a request, which then name no commit. */
function commitsOf({ push, changes, pullrequest, pullRequest }: Payload): unknown[] {
  return [
    ...(push?.changes ?? []).map((change) => change?.new?.target?.hash),
    ...(changes ?? []).map((change) => change?.toHash),
    pullrequest?.source?.commit?.hash,
    pullrequest?.merge_commit?.hash,
    pullRequest?.fromRef?.latestCommit,
    pullRequest?.properties?.mergeCommit?.id,
  ];
}

function joined(project: string | undefined, slug: string | undefined): string | undefined {
  return project === undefined || slug === undefined ? undefined : `${project}/${slug}`;
}

function refsOf({ push, changes }: Payload): readonly string[] {
  const inCloud = (push?.changes ?? []).map((change) => {
    const { name, type } = change?.new ?? change?.old ?? {};
    return name === undefined ? undefined : `refs/${type === "tag" ? "tags" : "heads"}/${name}`;
  });
  const inDataCenter = (changes ?? []).map((change) => change?.refId);
  return [...inCloud, ...inDataCenter].filter((ref) => ref !== undefined).slice(0, MAX_REFS);
}
