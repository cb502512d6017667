/** A legal hold on evidence, as it is recorded in the log by events of Gatebook's own. */
import * as z from "zod";
import { formatPlace } from "../evidence/entry-place.ts";
import type { LeafRange } from "../evidence/proof-path.ts";
import { MAX_SHARDS } from "../evidence/shard.ts";
import { areRangesOf, countOf, MAX_HOLD_RANGES } from "./entry-ranges.ts";

export const HELD = "evidence.held";
export const RELEASED = "evidence.released";

/** A hold is the resource of its events, and begins like this. */
const HOLD_PREFIX = "hold:";
const HOLD_ID = /^hold:[\w-]{1,64}$/;
export const MAX_REASON_CHARS = 1_000;
const MAX_VERSION_CHARS = 1_024;

/** What is held of one shard: the objects that prove these entries, under one checkpoint. */
export interface HoldScope {
  /** Where it is not the first. */
  readonly shard?: number;
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
  /** Where that is not the first. */
  readonly shard?: number;
}

export interface Hold {
  readonly id: string;
  /** One of each shard that it is on. */
  readonly scopes: readonly HoldScope[];
  readonly added: HoldAct;
  readonly released?: HoldAct;
}

const count = z.int().min(0);
const Scope = z.looseObject({
  size: count,
  checkpoint: z.string().min(1).max(MAX_VERSION_CHARS),
  ranges: z.array(z.tuple([count, count])).max(MAX_HOLD_RANGES),
  objects: count,
});
/** Of the first shard alone. */
const Details = Scope.extend({ reason: z.string() });
const ShardDetails = z.looseObject({
  reason: z.string(),
  shards: z
    .array(
      Scope.extend({
        shard: z
          .int()
          .min(0)
          .max(MAX_SHARDS - 1),
      }),
    )
    .min(1)
    .max(MAX_SHARDS),
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

export function heldEvent(id: string, reason: string, scopes: readonly HoldScope[]): HoldEvent {
  const sum = (of: (scope: HoldScope) => number): number => scopes.reduce((total, scope) => total + of(scope), 0);
  const entries = sum(({ ranges }) => countOf(ranges));
  const [size, objects] = [sum((scope) => scope.size), sum((scope) => scope.objects)];
  return {
    type: HELD,
    resource: id,
    message: `Legal hold on ${entries} of ${size} entries, ${objects} objects: ${reason}`,
    details: { reason, ...detailsOf(scopes) },
  };
}

/** On the first shard alone, as it was before there were others. */
function detailsOf(scopes: readonly HoldScope[]): Readonly<Record<string, unknown>> {
  const pairs = scopes.map(({ shard = 0, ranges, ...rest }) => ({
    shard,
    ...rest,
    ranges: ranges.map(({ from, to }) => [from, to]),
  }));
  const [first] = pairs;
  if (pairs.length !== 1 || first?.shard !== 0) return { shards: pairs };
  const { shard: _, ...scope } = first;
  return scope;
}

export function releasedEvent({ id, added }: Hold, reason: string): HoldEvent {
  return {
    type: RELEASED,
    resource: id,
    message: `Legal hold of entry ${formatPlace({ shard: 0, ...added })} released: ${reason}`,
    details: { reason },
  };
}

/**
 * @param sizes entries in each shard that there is
 * @returns undefined for what no Gatebook has written, or what is of a larger log
 */
export function readScopes(
  details: unknown,
  sizes: ReadonlyMap<number, number>,
): { readonly reason: string; readonly scopes: readonly HoldScope[] } | undefined {
  const parsed = parseDetails(details);
  if (parsed === undefined) return undefined;
  const shards = new Set(parsed.shards.map(({ shard }) => shard));
  const pairs = parsed.shards.reduce((sum, { ranges }) => sum + ranges.length, 0);
  if (shards.size < parsed.shards.length || pairs > MAX_HOLD_RANGES) return undefined;
  const scopes = parsed.shards.map(({ shard, size, checkpoint, objects, ranges }) => ({
    ...(shard !== 0 && { shard }),
    size,
    checkpoint,
    objects,
    ranges: ranges.map(([from, to]) => ({ from, to })),
  }));
  const isOurs = ({ shard = 0, size, ranges }: HoldScope): boolean =>
    size <= (sizes.get(shard) ?? 0) && areRangesOf(ranges, size);
  return scopes.every(isOurs) ? { reason: parsed.reason, scopes } : undefined;
}

function parseDetails(details: unknown): z.infer<typeof ShardDetails> | undefined {
  const ofFirst = Details.safeParse(details);
  if (ofFirst.success) return { reason: ofFirst.data.reason, shards: [{ ...ofFirst.data, shard: 0 }] };
  const ofShards = ShardDetails.safeParse(details);
  return ofShards.success ? ofShards.data : undefined;
}

export function readReleaseReason(details: unknown): string | undefined {
  const parsed = ReleaseDetails.safeParse(details);
  return parsed.success ? parsed.data.reason : undefined;
}
