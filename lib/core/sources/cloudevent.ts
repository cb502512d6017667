/** A CloudEvent of a company's own tool, to OCSF API Activity: what the tool claims, and always who claimed it. */
import * as z from "zod";
import type { NormalisedEvent } from "../record/audit-record.ts";
import { DELIVERY_ACTIONS, type DeliveryAction } from "../record/delivery-action.ts";
import type { Granted } from "../record/granted.ts";
import {
  ACTIVITY_OTHER,
  API_ACTIVITY,
  FAILURE,
  type OcsfEvent,
  type OcsfResource,
  type OcsfUser,
  STATUS_OTHER,
  SUCCESS,
  USER_TYPE,
} from "../record/ocsf.ts";
import { isArn } from "./aws/arn.ts";
import { awsEndpoint } from "./aws/aws-endpoint.ts";
import { grantedToUser, userOfArn } from "./aws/aws-principal.ts";
import { type CloudEventMessage, cloudEventUid, type EventCaller } from "./cloudevent-schema.ts";
import { bounded, defined, millisOf, part, text } from "./fields.ts";
import { classPart, metadata } from "./ocsf-event.ts";
import { boundedPrincipal } from "./principal.ts";
import { commitNode, linksTo } from "./trace-nodes.ts";
import { activityOf } from "./webhooks/webhook-event.ts";

/** A clock may be wrong by so much; what lies further ahead is not believed. */
const MAX_AHEAD_MS = 5 * 60 * 1000;
const MAX_RESOURCES = 50;
/** Of what a tool calls things: names of operations and resources are keys of the index. */
const MAX_NAME_CHARS = 512;

/** What `data` may tell us, under these names. All else is kept with the event and believed of nobody. */
const Claims = z.object({
  action: text,
  principal: text,
  resource: text,
  resources: part(z.array(z.unknown())),
  status: text,
  commit: text,
  trace: text,
});
type Claims = z.infer<typeof Claims>;

const STATUSES = new Map<string, Pick<OcsfEvent, "status_id" | "status">>([
  ["success", { status_id: SUCCESS, status: "Success" }],
  ["failure", { status_id: FAILURE, status: "Failure" }],
  ["running", { status_id: STATUS_OTHER, status: "Running" }],
]);

/** A record of CloudTrail's or EventBridge's in `data` is somebody's copy of one: none of it is read. */
export function normaliseCloudEvent(message: CloudEventMessage): NormalisedEvent {
  const { event, caller, receivedAt } = message;
  const claims = Claims.parse(event.data ?? {});
  const action = DELIVERY_ACTIONS.find((known) => known === claims.action) ?? "other";
  const operation = bounded(event.type, MAX_NAME_CHARS);
  const source = bounded(event.source, MAX_NAME_CHARS);
  return defined({
    event: defined({
      ...classOf(action, operation),
      time: timeOf(message),
      message: `${operation} of ${source}`,
      ...STATUSES.get(claims.status ?? ""),
      metadata: metadata({
        uid: cloudEventUid(message),
        product: source,
        vendor: "unknown",
        code: operation,
        originalTime: event.time,
        profiles: [],
      }),
      actor: { user: userOf(claims, caller), invoked_by: caller.arn },
      api: { operation, service: { name: source }, request: { uid: bounded(event.id, MAX_NAME_CHARS) } },
      src_endpoint: awsEndpoint(caller.sourceAddress),
      resources: resourcesOf(claims, source),
      // A tool says itself when something happened: when it said so is ours to know.
      unmapped: defined({ received_at: new Date(receivedAt).toISOString(), subject: event.subject }),
    }),
    action,
    granted: grantedTo(caller),
    ...linkedBy(claims, message),
  });
}

function classOf(
  action: DeliveryAction,
  operation: string,
): Pick<OcsfEvent, "activity_name"> & ReturnType<typeof classPart> {
  const activity = activityOf(action);
  return activity === undefined
    ? { ...classPart(API_ACTIVITY, ACTIVITY_OTHER), activity_name: operation }
    : classPart(API_ACTIVITY, activity);
}

function timeOf({ event, receivedAt }: CloudEventMessage): number {
  const told = millisOf(event.time);
  return told === undefined || told > receivedAt + MAX_AHEAD_MS ? receivedAt : told;
}

/** Under a name of its own kind, a claim can never pass for an ARN, a `github:` login or a service. */
function userOf({ principal }: Claims, { arn, account }: EventCaller): OcsfUser {
  if (principal === undefined) return { ...userOfArn(arn), account: { uid: account } };
  return {
    uid: boundedPrincipal(`cloudevent:${principal}`),
    name: bounded(principal, MAX_NAME_CHARS),
    type: "Claimed",
    type_id: USER_TYPE.other,
  };
}

/** The caller is in the chain whomever the event names: nobody speaks for another without it showing. */
function grantedTo({ arn, credential, sourceAddress }: EventCaller): Granted {
  const user = userOfArn(arn);
  // A request is signed with a key, never in a console.
  const means: Granted = user.type === "IAMUser" ? { by: "access-key" } : grantedToUser(user);
  return defined({ ...means, chain: [arn], credential, sourceAddress });
}

/**
 * Approvals and executions of CodePipeline find each other by the first resource. There, only what AWS itself tells may stand: claimed, the
 * approval of a colleague's could be put before one's own.
 */
function resourcesOf({ resource, resources = [] }: Claims, source: string): readonly OcsfResource[] | undefined {
  const names = [resource, ...resources].filter((name) => typeof name === "string" && name !== "") as string[];
  const uids = [...new Set(names.map((name) => bounded(name, MAX_NAME_CHARS)))].slice(0, MAX_RESOURCES);
  if (uids.length === 0) return undefined;
  const [pipelines, others] = [uids.filter(isPipeline), uids.filter((uid) => !isPipeline(uid))];
  return [...(others.length === 0 ? [source] : others), ...pipelines].map((uid) => ({ uid }));
}

function isPipeline(uid: string): boolean {
  return isArn(uid) && uid.split(":")[2] === "codepipeline";
}

/**
 * A trace of the tools' own, linked to its commit. Percent-encoded it is no node of another system's, so that what is claimed here is never
 * taken for what GitHub says of who wrote or reviewed a change.
 */
function linkedBy({ trace, commit }: Claims, { event }: CloudEventMessage): Pick<NormalisedEvent, "trace" | "links"> {
  const node = commitNode(commit);
  const own = trace ?? (node === undefined ? undefined : `${event.source} ${event.id}`);
  if (own === undefined) return {};
  const name = bounded(encodeURIComponent(own.toWellFormed()), MAX_NAME_CHARS);
  return defined({ trace: `cloudevent:${name}`, links: linksTo([node]) });
}
