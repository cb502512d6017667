/** An EventBridge event as OCSF: API Activity where it tells a call, Application Lifecycle where it names an application, else Base Event. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import {
  ACTIVITY_OTHER,
  API_ACTIVITY,
  APPLICATION_LIFECYCLE,
  BASE_EVENT,
  type OcsfEvent,
  type OcsfResource,
  type OcsfUser,
} from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { awsCloud, classPart, metadata } from "../ocsf-event.ts";
import { isArn } from "./arn.ts";
import { awsEndpoint } from "./aws-endpoint.ts";
import { grantedToUser, reportingService } from "./aws-principal.ts";
import { type EventBridgeMessage, eventBridgeUid, isFromAws } from "./eventbridge-schema.ts";
import { lifecycleStatus } from "./state.ts";

const MAX_RESOURCES = 50;

/** What a source's normaliser has read. Every member is optional: a service that changes its events loses detail, never the event. */
export interface ServiceEvent {
  readonly action?: DeliveryAction | undefined;
  readonly app?: string | undefined;
  readonly state?: string | undefined;
  /** The service's own word for what happened, where it has one besides the state. */
  readonly event?: string | undefined;
  /** Who did it, where AWS's word tells. */
  readonly user?: OcsfUser | undefined;
  /** A name without proof: another tool's, a pipeline's. */
  readonly initiator?: string | undefined;
  /** The API call behind the event. */
  readonly call?: ServiceCall | undefined;
  /** ARNs, the most specific first; those of the event itself follow. */
  readonly resources?: readonly unknown[];
  /** What ties it to a delivery, and what that belongs with. */
  readonly trace?: string | undefined;
  readonly links?: readonly string[] | undefined;
  /** What the service tells besides, under names of ours. */
  readonly details?: Readonly<Record<string, unknown>>;
}

interface ServiceCall {
  readonly operation: string;
  /** API Activity's `activity_id`. */
  readonly activity: number;
  readonly sourceAddress: string;
  readonly request?: string | undefined;
}

/** Application Lifecycle's activities by the state that a build or deployment is in. */
const ACTIVITIES = new Map([
  ["IN_PROGRESS", 3],
  ["START", 3],
  ["STARTED", 3],
  ["STOP", 4],
  ["STOPPED", 4],
]);

/** The identity is the event's `id`; see `eventId` for why that alone does not tell two events apart. */
export function serviceEvent(message: EventBridgeMessage, about: ServiceEvent): NormalisedEvent {
  const { event } = message;
  const user = about.user ?? reportingService(nameOf(message));
  const details = defined({ ...about.details });
  return defined({
    event: defined({
      ...classOf(about),
      time: Date.parse(event.time),
      message: [event["detail-type"], about.app, about.state].filter((part) => part !== undefined).join(" "),
      ...(about.state !== undefined && lifecycleStatus(about.state)),
      metadata: metadata({
        uid: eventBridgeUid(message),
        product: event.source,
        vendor: isFromAws(event) ? "AWS" : "unknown",
        code: event["detail-type"],
        originalTime: event.time,
        profiles: ["cloud", "host"],
      }),
      cloud: awsCloud(event.account, event.region),
      actor: defined({ user, invoked_by: about.initiator }),
      app: about.app === undefined ? undefined : { name: about.app, vendor_name: "AWS" },
      resources: resourcesOf(message, about),
      unmapped: Object.keys(details).length === 0 ? undefined : details,
    }),
    action: about.action ?? "other",
    granted: defined({ ...grantedToUser(user), sourceAddress: about.call?.sourceAddress }),
    trace: about.trace,
    links: about.links,
  });
}

type ClassPart = ReturnType<typeof classPart> & Pick<OcsfEvent, "activity_name" | "api" | "src_endpoint">;

function classOf({ app, state, event, call }: ServiceEvent): ClassPart {
  if (call !== undefined) return { ...classPart(API_ACTIVITY, call.activity), ...callOf(call) };
  const known = app === undefined ? undefined : ACTIVITIES.get(state ?? "");
  const part = classPart(app === undefined ? BASE_EVENT : APPLICATION_LIFECYCLE, known ?? ACTIVITY_OTHER);
  return known === undefined ? { ...part, activity_name: state ?? event ?? "Other" } : part;
}

function callOf({ operation, request, sourceAddress }: ServiceCall): Pick<OcsfEvent, "api" | "src_endpoint"> {
  return {
    api: defined({ operation, request: request === undefined ? undefined : { uid: request } }),
    src_endpoint: awsEndpoint(sourceAddress),
  };
}

/** An AWS service's DNS name, or a custom source as it calls itself. */
function nameOf({ event }: EventBridgeMessage): string {
  return isFromAws(event) ? `${event.source.slice("aws.".length)}.amazonaws.com` : event.source;
}

function resourcesOf({ event }: EventBridgeMessage, about: ServiceEvent): readonly OcsfResource[] | undefined {
  const uids = new Set([...(about.resources ?? []), ...(event.resources ?? [])].filter(isArn));
  return uids.size === 0 ? undefined : [...uids].slice(0, MAX_RESOURCES).map((uid) => ({ uid }));
}
