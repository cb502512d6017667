/** A project's campaign as the log tells it, found by its trace. */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import type { ReadRecord } from "../gate/record-reader.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { type DeliveryIndex, MAX_TRACE_ENTRIES } from "../record/delivery-index.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { type Campaign, type CampaignName, type Decision, OpenedItem, traceOfCampaign, VERDICTS } from "./campaign.ts";
import { DECIDED, OPENED } from "./campaign-events.ts";
import { keyOfItem, ReviewItem, resourceOfItem } from "./review-item.ts";

export interface CampaignLog {
  readonly index: Pick<DeliveryIndex, "byTrace">;
  /** The records behind these entries of the index, in any order; one that is not proved to be in the log is left out. */
  readonly read: (entries: readonly IndexEntry[]) => Promise<readonly ReadRecord[]>;
}

const name = { period: z.string(), project: z.string() };
const Opened = z.object({
  review: z.object({ ...name, items: z.array(OpenedItem), part: z.int().min(1), parts: z.int().min(1) }),
});
const Decided = z.object({
  review: z.object({ ...name, item: ReviewItem, verdict: z.enum(VERDICTS), by: z.string(), reason: z.string() }),
});

/**
 * The records say what counts, not the index alone: names of operations are anybody's to claim, and Gatebook's own records only its own.
 *
 * @param isAsked decisions about other items are not read, and such an item looks undecided
 * @returns undefined where none was opened
 * @throws GatebookError `UNAVAILABLE` where it cannot be read whole
 */
export async function readCampaign(
  campaign: CampaignName,
  { index, read }: CampaignLog,
  isAsked: (item: ReviewItem) => boolean = () => true,
): Promise<Campaign | undefined> {
  const entries = await index.byTrace(traceOfCampaign(campaign));
  if (entries.length >= MAX_TRACE_ENTRIES) {
    const many = `the access review ${campaign.period} of ${campaign.project} has so many events`;
    throw new GatebookError("UNAVAILABLE", `${many} that some of them were not looked at`);
  }
  const claimed = entries.filter(({ operation }) => operation === OPENED);
  const openings = await read(claimed);
  const opened = openings.flatMap((one) => openedIn(one, campaign));
  if (opened.length === 0) return undefined;
  const [whole] = wholeOpenings(opened);
  // What is not proved is left out, and told by whoever reads: it is no reason to know nothing of the rest.
  if (whole === undefined && openings.length === claimed.length) {
    const late = `the opening of the access review ${campaign.period} of ${campaign.project} is not recorded whole yet`;
    throw new GatebookError("UNAVAILABLE", `${late}: ask again in a minute; if that lasts, look into the dead letters`);
  }
  const first = whole ?? opened;
  const items = [...new Map(first.flatMap((one) => one.items).map((item) => [keyOfItem(item), item])).values()];
  return {
    ...campaign,
    openedAt: Math.min(...first.map(({ time }) => time)),
    items,
    decisions: await latestDecisions(items.filter(isAsked), entries.filter(isDecision), read),
    events: entries.length,
  };
}

/** @param entries oldest first: of two at the same time, the order of their keys decides, whoever reads */
async function latestDecisions(
  items: readonly ReviewItem[],
  entries: readonly IndexEntry[],
  read: CampaignLog["read"],
): Promise<ReadonlyMap<string, Decision>> {
  const byResource = Map.groupBy(entries, ({ resource = "" }) => resource);
  const decisions = new Map<string, Decision>();
  let open = items.map((item) => ({ item, entries: byResource.get(resourceOfItem(item)) ?? [] }));
  // The latest of each is mostly the one that counts: all of them are read at once.
  while (open.length > 0) {
    const latest = open.flatMap(({ item, entries: left }) => left.slice(-1).map((entry) => ({ item, entry })));
    const records = new Map((await read(latest.map(({ entry }) => entry))).map((one) => [one.entry, one.record]));
    for (const { item, entry } of latest) {
      const decision = decisionIn(records.get(entry), item);
      if (decision !== undefined) decisions.set(keyOfItem(item), decision);
    }
    open = open
      .filter(({ item, entries: left }) => left.length > 1 && !decisions.has(keyOfItem(item)))
      .map(({ item, entries: left }) => ({ item, entries: left.slice(0, -1) }));
  }
  return decisions;
}

function decisionIn(record: AuditRecord | undefined, item: ReviewItem): Decision | undefined {
  const told = isOwn(record) ? Decided.safeParse(record.event.unmapped).data?.review : undefined;
  if (record === undefined || told === undefined || keyOfItem(told.item) !== keyOfItem(item)) return undefined;
  const { verdict, by, reason } = told;
  // Whoever holds a role does not certify it, whatever way this came into the log.
  if (by === item.person || record.event.metadata.event_code !== DECIDED[verdict]) return undefined;
  return { verdict, by, reason, time: record.event.time };
}

function openedIn({ record }: ReadRecord, { period, project }: CampaignName) {
  const told = isOwn(record) ? Opened.safeParse(record.event.unmapped).data?.review : undefined;
  if (told?.period !== period || told.project !== project) return [];
  return [{ ...told, time: record.event.time }];
}

/** Each with all of its parts, the earliest first: of two openings the earlier counts. */
function wholeOpenings(opened: ReturnType<typeof openedIn>): (typeof opened)[] {
  const byTime = [...Map.groupBy(opened, ({ time }) => time)].toSorted(([a], [b]) => a - b);
  return byTime
    .map(([, parts]) => parts)
    .filter((parts) => new Set(parts.map(({ part }) => part)).size >= (parts[0]?.parts ?? 1));
}

function isDecision({ operation }: IndexEntry): boolean {
  return Object.values(DECIDED).includes(operation);
}

/** No other source's events have this vendor. */
function isOwn(record: AuditRecord | undefined): record is AuditRecord {
  return record?.event.metadata.product.vendor_name === "Gatebook";
}
