/** Any EventBridge event that no other source knows, to OCSF Application Lifecycle where an application is named, else Base Event. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import type { Granted } from "../record/granted.ts";
import {
  ACTIVITY_OTHER,
  APPLICATION_LIFECYCLE,
  BASE_EVENT,
  type OcsfEvent,
  type OcsfResource,
  type OcsfUser,
  USER_TYPE,
} from "../record/ocsf.ts";
import { assumedRoleOf, isArn, isPrincipalArn } from "./arn.ts";
import { type EventBridgeMessage, eventBridgeUid, isFromAws } from "./eventbridge-schema.ts";
import { readServiceEvent, type ServiceEvent } from "./eventbridge-services.ts";
import { defined } from "./fields.ts";
import { awsCloud, classPart, metadata } from "./ocsf-event.ts";
import { boundedPrincipal } from "./principal.ts";
import { lifecycleStatus } from "./state.ts";

const MAX_RESOURCES = 50;

/** Application Lifecycle's activities by the state that a build or deployment is in. */
const ACTIVITIES = new Map([
  ["IN_PROGRESS", 3],
  ["START", 3],
  ["STARTED", 3],
  ["STOP", 4],
  ["STOPPED", 4],
]);

/** The identity is the event's `id`; see `eventId` for why that alone does not tell two events apart. */
export function normaliseEventBridge(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const about = readServiceEvent(event);
  const user = callerOf(message, about);
  return {
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
    }),
    action: about.action ?? "other",
    granted: grantedTo(user),
  };
}

type ClassPart = ReturnType<typeof classPart> & Pick<OcsfEvent, "activity_name">;

function classOf({ app, state, event }: ServiceEvent): ClassPart {
  const known = app === undefined ? undefined : ACTIVITIES.get(state ?? "");
  const part = classPart(app === undefined ? BASE_EVENT : APPLICATION_LIFECYCLE, known ?? ACTIVITY_OTHER);
  return known === undefined ? { ...part, activity_name: state ?? event ?? "Other" } : part;
}

/** Whom the event names, or `service:<who reports it>`: an AWS service's DNS name, or a custom source as it calls itself. */
function callerOf({ event }: EventBridgeMessage, { caller }: ServiceEvent): OcsfUser {
  // Only AWS is believed about who called: anybody may put events with a source of their own.
  if (isFromAws(event) && isPrincipalArn(caller)) {
    return defined({ uid: caller, name: assumedRoleOf(caller).session, type_id: USER_TYPE.unknown });
  }
  const name = isFromAws(event) ? `${event.source.slice("aws.".length)}.amazonaws.com` : event.source;
  return { uid: boundedPrincipal(`service:${name}`), type: "AWSService", type_id: USER_TYPE.service };
}

function grantedTo({ uid, type_id }: OcsfUser): Granted {
  if (type_id === USER_TYPE.service) return { by: "service" };
  const { session } = assumedRoleOf(uid);
  return session === undefined ? { by: "unknown" } : { by: "assumed-role", chain: [session] };
}

function resourcesOf({ event }: EventBridgeMessage, { arn }: ServiceEvent): readonly OcsfResource[] | undefined {
  const uids = new Set([arn, ...(event.resources ?? [])].filter(isArn));
  return uids.size === 0 ? undefined : [...uids].slice(0, MAX_RESOURCES).map((uid) => ({ uid }));
}
