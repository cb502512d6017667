/** A recording that no message of the intake carries by itself: of a system without a source, or an AWS event whose time cannot be read. */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { ACTIVITY_OTHER, BASE_EVENT, type OcsfResource, type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { isPrincipalArn } from "../aws/arn.ts";
import { grantedToUser, userOfArn } from "../aws/aws-principal.ts";
import { bounded, defined, read } from "../fields.ts";
import { MAX_TIME_MS } from "../github/github-schema.ts";
import { canonicalJson, isObject, type JsonObject, sha256Hex } from "../json.ts";
import { classPart, metadata } from "../ocsf-event.ts";
import { boundedPrincipal } from "../principal.ts";
import { writtenTime } from "../webhooks/webhook-event.ts";
import { RECORDED_SYSTEMS, type RecordedFacts, type RecordedSystemName, recordedSystems } from "./recorded-system.ts";

/** Names of the index and of OCSF are short; what a stranger wrote may be of any length. */
const MAX_WORD_CHARS = 200;
const MAX_RESOURCES = 20;
const MAX_RESOURCE_CHARS = 1_024;

/** `receivedAt` stands in where the record tells no time. */
const Recording = z.object({
  receivedAt: z.int().min(0).max(MAX_TIME_MS),
  system: z.exactOptional(z.enum(RECORDED_SYSTEMS)),
  event: z.custom<JsonObject>(isObject, "is no object"),
});
type Recording = z.infer<typeof Recording>;

/** A record of a system that Gatebook has no source for. */
export interface RecordedMessage {
  readonly kind: "recorded";
  readonly system: RecordedSystemName;
  /** The record's text: what `raw_data` is made of. */
  readonly raw: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly original: JsonObject;
}

export function readRecording(message: JsonObject): Recording {
  return read(Recording, message, "the recorded event");
}

/** OCSF's Base Event: what happened is told in the system's own words, and means no more to Gatebook than they say. */
export function normaliseRecorded({ system, original, receivedAt }: RecordedMessage): NormalisedEvent {
  const { product, vendor, factsOf } = recordedSystems[system];
  const facts = factsOf(original);
  const operation = wordOf(facts.operation) ?? "unknown";
  const resources = resourcesOf(facts);
  const user = userOf(system, facts);
  const time = timeOf(facts);
  return {
    event: defined({
      ...classPart(BASE_EVENT, ACTIVITY_OTHER),
      activity_name: operation,
      time: time ?? receivedAt,
      message: [operation, resources[0]?.uid].filter((part) => part !== undefined).join(" in "),
      metadata: metadata({
        uid: wordOf(facts.id) ?? `sha256:${sha256Hex(canonicalJson(original))}`,
        product,
        vendor,
        code: operation,
        originalTime: time === undefined ? undefined : wordOf(facts.time),
        profiles: ["host"],
      }),
      actor: { user },
      resources: resources.length === 0 ? undefined : resources,
    }),
    action: facts.action ?? "other",
    granted: defined({ ...grantedOf(user), sourceAddress: wordOf(facts.sourceAddress) }),
  };
}

function userOf(system: RecordedSystemName, { who }: RecordedFacts): OcsfUser {
  if (isPrincipalArn(who)) return userOfArn(who);
  const name = typeof who === "number" ? String(who) : wordOf(who);
  if (name === undefined) return { uid: `service:${system}`, type: "Service", type_id: USER_TYPE.service };
  return { uid: boundedPrincipal(`${system}:${name}`), name, type_id: USER_TYPE.unknown };
}

function grantedOf(user: OcsfUser) {
  return isPrincipalArn(user.uid) ? grantedToUser(user) : ({ by: "unknown" } as const);
}

function timeOf({ time }: RecordedFacts): number | undefined {
  if (typeof time === "string") return writtenTime(time);
  const isSeconds = typeof time === "number" && Number.isInteger(time) && time > 0 && time * 1000 < MAX_TIME_MS;
  return isSeconds ? time * 1000 : undefined;
}

function resourcesOf({ resources = [] }: RecordedFacts): readonly OcsfResource[] {
  const uids = resources.filter((uid) => typeof uid === "string" && uid !== "");
  return uids.slice(0, MAX_RESOURCES).map((uid) => ({ uid: bounded(String(uid), MAX_RESOURCE_CHARS) }));
}

/** What samples write in the place of what they hide says nothing. */
const PLACEHOLDER = /^\.+$/;

function wordOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || PLACEHOLDER.test(value)) return undefined;
  return bounded(value, MAX_WORD_CHARS);
}
