/** Events as EventBridge delivers them, made of entries or taken as recorded (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../../aws-service.ts";

export const EventSchema = z.looseObject({
  version: z.string().default("0"),
  id: z.string().min(1),
  "detail-type": z.string().min(1),
  source: z.string().min(1),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.looseObject({}),
});

export type BusEvent = z.infer<typeof EventSchema>;

/** The members are checked one entry at a time, since a bad entry does not spoil the others. */
export const EntrySchema = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  /** Seconds since the epoch, up to the year 9999. */
  Time: z.number().min(0).max(253_402_300_799).optional(),
  Resources: z.array(z.string()).optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});

export type Entry = z.infer<typeof EntrySchema>;

/** What PutEvents answers for an entry that it did not take. */
export interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const MAX_ENTRY_BYTES = 256 * 1024;
const TIME_BYTES = 14;
const MS_PER_SECOND = 1000;

/** @param mayPlayAws the owner may send events in the name of AWS's services, which is how recorded ones are replayed. */
export function toEvent(entry: Entry, now: number, mayPlayAws: boolean): BusEvent | EntryFailure {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  if (!source) return missing("Source");
  if (!detailType) return missing("DetailType");
  if (!text) return missing("Detail");
  if (entryBytes(entry) > MAX_ENTRY_BYTES) {
    return { ErrorCode: "InvalidArgument", ErrorMessage: `The entry is larger than ${MAX_ENTRY_BYTES} bytes.` };
  }
  if (source.startsWith("aws.") && !mayPlayAws) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  const detail = parseDetail(text);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: LOCAL_ACCOUNT,
    time: isoSeconds(entry.Time === undefined ? now : entry.Time * MS_PER_SECOND),
    region: LOCAL_REGION,
    resources: entry.Resources ?? [],
    detail,
  };
}

/** What a service of AWS says of itself; the envelope is the bus's to add. */
export interface ServiceEvent {
  /** `aws.s3`. */
  readonly source: string;
  readonly detailType: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly resources: readonly string[];
  readonly detail: BusEvent["detail"];
}

export function serviceEvent({ source, detailType, at, resources, detail }: ServiceEvent): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: LOCAL_ACCOUNT,
    time: isoSeconds(at),
    region: LOCAL_REGION,
    resources: [...resources],
    detail,
  };
}

/** What the schedule of a rule sends (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html). */
export function scheduledEvent(ruleArn: string, scheduledAt: number): BusEvent {
  return serviceEvent({
    source: "aws.events",
    detailType: "Scheduled Event",
    at: scheduledAt,
    resources: [ruleArn],
    detail: {},
  });
}

export function isFailure(result: BusEvent | EntryFailure): result is EntryFailure {
  return Object.hasOwn(result, "ErrorCode");
}

function missing(member: string): EntryFailure {
  const reason = `Parameter ${member} is not valid. Reason: ${member} is a required argument.`;
  return { ErrorCode: "InvalidArgument", ErrorMessage: reason };
}

/** As AWS counts (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html). */
function entryBytes({ Source = "", DetailType = "", Detail = "", Time, Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, each) => sum + Buffer.byteLength(each), Time === undefined ? 0 : TIME_BYTES);
}

function parseDetail(text: string): BusEvent["detail"] | undefined {
  try {
    return z.looseObject({}).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
