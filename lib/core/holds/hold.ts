/** A legal hold on evidence, as it is recorded in the log by events of Gatebook's own. */
import * as z from "zod";
import type { LeafRange } from "../evidence/proof-path.ts";
import { areRangesOf, countOf, MAX_HOLD_RANGES } from "./entry-ranges.ts";

export const HELD = "evidence.held";
export const RELEASED = "evidence.released";

/** A hold is the resource of its events, and begins like this. */
const HOLD_PREFIX = "hold:";
const HOLD_ID = /^hold:[\w-]{1,64}$/;
export const MAX_REASON_CHARS = 1_000;
const MAX_VERSION_CHARS = 1_024;

/** What is held: the objects that prove these entries, under one checkpoint. */
export interface HoldScope {
  /** Entries that the checkpoint signs. */
  readonly size: number;
  /** The version of `checkpoint` that is held, as S3 names it. */
  readonly checkpoint: string;
  /** In order and apart. */
  readonly ranges: readonly LeafRange[];
  /** How many objects that took when it was asked for. */
  readonly objects: number;
}

/** Who held or released, why and when. */
export interface HoldAct {
  readonly principal: string;
  readonly person?: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** The place of its record in the log. */
  readonly index: number;
}

export interface Hold extends HoldScope {
  readonly id: string;
  readonly added: HoldAct;
  readonly released?: HoldAct;
}

const count = z.int().min(0);
const Details = z.looseObject({
  reason: z.string(),
  size: count,
  checkpoint: z.string().min(1).max(MAX_VERSION_CHARS),
  ranges: z.array(z.tuple([count, count])).max(MAX_HOLD_RANGES),
  objects: count,
});
const ReleaseDetails = z.looseObject({ reason: z.string() });

/** The members of an event of Gatebook's own that say what was done. */
export interface HoldEvent {
  readonly type: typeof HELD | typeof RELEASED;
  readonly resource: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** @param unique makes the hold's id */
export function holdId(unique: string): string {
  return `${HOLD_PREFIX}${unique}`;
}

export function isHoldId(text: string): boolean {
  return HOLD_ID.test(text);
}

export function heldEvent(id: string, reason: string, { ranges, ...scope }: HoldScope): HoldEvent {
  const pairs = ranges.map(({ from, to }) => [from, to]);
  const entries = countOf(ranges);
  return {
    type: HELD,
    resource: id,
    message: `Legal hold on ${entries} of ${scope.size} entries, ${scope.objects} objects: ${reason}`,
    details: { reason, ...scope, ranges: pairs },
  };
}

export function releasedEvent({ id, added }: Hold, reason: string): HoldEvent {
  return {
    type: RELEASED,
    resource: id,
    message: `Legal hold of entry #${added.index} released: ${reason}`,
    details: { reason },
  };
}

/** @returns undefined for what no Gatebook has written, or what is of a log larger than `logSize` */
export function readScope(details: unknown, logSize: number): (HoldScope & { readonly reason: string }) | undefined {
  const parsed = Details.safeParse(details);
  if (!parsed.success) return undefined;
  const { reason, size, checkpoint, objects } = parsed.data;
  const ranges = parsed.data.ranges.map(([from, to]) => ({ from, to }));
  return size <= logSize && areRangesOf(ranges, size) ? { reason, size, checkpoint, objects, ranges } : undefined;
}

export function readReleaseReason(details: unknown): string | undefined {
  const parsed = ReleaseDetails.safeParse(details);
  return parsed.success ? parsed.data.reason : undefined;
}
