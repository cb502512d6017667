/** Amazon EventBridge (https://docs.aws.amazon.com/eventbridge/latest/APIReference/). */
import * as z from "zod";
import { AwsError, type AwsService, LOCAL_OWNER, type Permission } from "../../aws-service.ts";
import type { Schedule } from "../../schedule.ts";
import { type JsonOperation, jsonOperation, jsonService } from "../json-service.ts";
import { type Deliver, deliverEvent, deliverToTargets } from "./delivery.ts";
import {
  type BusEvent,
  type Entry,
  type EntryFailure,
  EntrySchema,
  EventSchema,
  isFailure,
  type ServiceEvent,
  scheduledEvent,
  serviceEvent,
  toEvent,
} from "./event.ts";
import { ruleOperations } from "./rule-operations.ts";
import { busArn, busName, openRuleStore, type RuleStore } from "./rule-store.ts";

const MAX_ENTRIES = 10;
const MAX_RECORDED_EVENTS = 100;

const PutEvents = z.strictObject({ Entries: z.array(EntrySchema).min(1).max(MAX_ENTRIES) });
const PutRecordedEvents = z.strictObject({
  Events: z.array(z.unknown()).min(1).max(MAX_RECORDED_EVENTS),
  EventBusName: z.string().optional(),
});

export interface EventBridgeOptions {
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly deliver: Deliver;
}

export interface EventBridge extends AwsService {
  /** The enabled rules that run on a schedule, as they are now; whoever owns the clock starts them. A run rejects where a target was not reached. */
  schedules(): readonly Schedule[];
  /** Puts an event of another local service on the default bus. Rejects where a target was not reached. */
  announce(event: ServiceEvent): Promise<void>;
}

/**
 * Unlike AWS's, PutEvents answers once the targets have the events (see `deliverEvent`), takes `aws.*` sources from the owner, and fails an entry
 * for a bus that is not there. `PutRecordedEvents` exists here only: the owner puts whole events, which keep their id, account, region and time.
 */
export async function eventBridgeService({ directory, now, deliver }: EventBridgeOptions): Promise<EventBridge> {
  const store = await openRuleStore(directory);
  return {
    ...jsonService("AWSEvents", { ...ruleOperations(store), ...eventOperations(store, now, deliver) }),
    async announce(event) {
      rejectOn(await deliverEvent(store, deliver, busName(undefined), serviceEvent(event)));
    },
    schedules: () =>
      store.rules.flatMap((rule) => {
        const { arn, schedule, state } = rule;
        if (schedule === undefined || state === "DISABLED") return [];
        return [{ name: arn, expression: schedule, run: (at: number) => runSchedule(store, arn, at, deliver) }];
      }),
  };
}

function eventOperations(
  store: RuleStore,
  now: () => number,
  deliver: Deliver,
): Readonly<Record<string, JsonOperation>> {
  return {
    PutEvents: jsonOperation({
      input: PutEvents,
      needs: (input) => input.Entries.map(needOf),
      answer: async (input, caller) =>
        summarise(
          input.Entries.map((entry) =>
            putEvent(store, deliver, entry.EventBusName, toEvent(entry, now(), caller === LOCAL_OWNER)),
          ),
        ),
    }),
    PutRecordedEvents: jsonOperation({
      input: PutRecordedEvents,
      needs: (input) => [{ action: "events:PutRecordedEvents", resource: busArn(busName(input.EventBusName)) }],
      answer: async (input, caller) => {
        if (caller !== LOCAL_OWNER) {
          throw new AwsError("AccessDeniedException", 400, "Only the owner of the local cloud puts recorded events.");
        }
        return summarise(
          input.Events.map((event) => putEvent(store, deliver, input.EventBusName, readRecordedEvent(event))),
        );
      },
    }),
  };
}

function needOf({ EventBusName, Source, DetailType }: Entry): Permission {
  const conditions = {
    ...(Source && { "events:source": Source }),
    ...(DetailType && { "events:detail-type": DetailType }),
  };
  return { action: "events:PutEvents", resource: busArn(busName(EventBusName)), conditions };
}

type EntryResult = EntryFailure | { readonly EventId: string };

async function putEvent(
  store: RuleStore,
  deliver: Deliver,
  reference: string | undefined,
  event: BusEvent | EntryFailure,
): Promise<EntryResult> {
  if (isFailure(event)) return event;
  const bus = busName(reference);
  if (!store.buses.includes(bus)) {
    return { ErrorCode: "InvalidArgument", ErrorMessage: `Event bus ${bus} does not exist.` };
  }
  const failures = await deliverEvent(store, deliver, bus, event);
  return failures.length === 0
    ? { EventId: event.id }
    : { ErrorCode: "InternalFailure", ErrorMessage: failures.join("; ") };
}

async function summarise(results: readonly Promise<EntryResult>[]): Promise<object> {
  const entries = await Promise.all(results);
  return { FailedEntryCount: entries.filter((entry) => "ErrorCode" in entry).length, Entries: entries };
}

function readRecordedEvent(source: unknown): BusEvent | EntryFailure {
  const parsed = EventSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  return { ErrorCode: "InvalidArgument", ErrorMessage: z.prettifyError(parsed.error) };
}

async function runSchedule(store: RuleStore, arn: string, scheduledAt: number, deliver: Deliver): Promise<void> {
  const rule = store.rules.find((candidate) => candidate.arn === arn);
  if (rule === undefined || rule.state === "DISABLED") return;
  rejectOn(await deliverToTargets(rule, scheduledEvent(arn, scheduledAt), deliver));
}

function rejectOn(failures: readonly string[]): void {
  if (failures.length > 0) throw new AwsError("InternalFailure", 500, failures.join("; "));
}
