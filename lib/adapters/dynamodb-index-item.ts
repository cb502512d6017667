/** An index entry as a DynamoDB item, with names of one letter: a write unit ends at 1,024 bytes. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { MFA_STATES } from "../core/access/mfa.ts";
import type { MfaTelling } from "../core/access/mfa-index.ts";
import { GatebookError } from "../core/errors.ts";
import type { EntryPlace } from "../core/evidence/entry-place.ts";
import { DELIVERY_ACTIONS } from "../core/record/delivery-action.ts";
import { timeOf } from "../core/record/entry-time.ts";
import { LEVELS } from "../core/record/finding.ts";
import type { IndexEntry, IndexKey } from "../core/record/index-entry.ts";
import type { Holder } from "../core/record/session-holder.ts";
import { rankOf } from "../core/record/trace-graph.ts";
import { MAX_PARTITION_KEY_BYTES, MAX_SORT_KEY_BYTES, toKeyText } from "./dynamodb-key-text.ts";

export type IndexItem = Record<string, AttributeValue>;

/** Principals never start with "#": see `toKeyText`. */
const COMMITS = "#commit/";
const IDENTITIES = "#identity/";
const SESSIONS = "#session/";
const LINKS = "#link/";
const MFA = "#mfa/";

export function toIndexKey({ principal, eventKey }: IndexKey): IndexItem {
  return {
    principal: { S: toKeyText(principal, MAX_PARTITION_KEY_BYTES) },
    eventKey: { S: toKeyText(eventKey, MAX_SORT_KEY_BYTES) },
  };
}

/** An item of its own, in a partition of its own: that of the entry is found by its time alone. */
export function toIdentityKey(identity: string): IndexItem {
  return {
    principal: { S: `${IDENTITIES}${toKeyText(identity, MAX_PARTITION_KEY_BYTES - IDENTITIES.length)}` },
    eventKey: { S: "#" },
  };
}

/** What a trace is tied to lies together, under the trace's name. */
export function toLinkPartition(trace: string): AttributeValue.SMember {
  return { S: `${LINKS}${toKeyText(trace, MAX_PARTITION_KEY_BYTES - LINKS.length)}` };
}

/** Two items, since a link is followed from either end. */
export function toLinkItems({ trace, links = [] }: IndexEntry, expires: number): IndexItem[] {
  if (!trace) return [];
  return links
    .filter((other) => other !== "" && other !== trace)
    .flatMap((other) => [[trace, other] as const, [other, trace] as const])
    .map(([from, to]) => ({
      principal: toLinkPartition(from),
      // By rank, so that a thousand executions of a commit do not hide its pull request.
      eventKey: { S: `${rankOf(to)}#${toKeyText(to, MAX_SORT_KEY_BYTES - RANK_BYTES)}` },
      expires: { N: String(expires) },
    }));
}

export function fromLinkItem({ eventKey }: IndexItem): string {
  return (eventKey?.S ?? "").slice(RANK_BYTES);
}

/** A digit and "#". */
const RANK_BYTES = 2;

/** Who was handed temporary credentials: an item of its own, found by the credentials' identifier. */
export function toSessionKey(credential: string): IndexItem {
  return {
    principal: { S: `${SESSIONS}${toKeyText(credential, MAX_PARTITION_KEY_BYTES - SESSIONS.length)}` },
    eventKey: { S: "#" },
  };
}

export function toSessionItem(
  { principal, person, trace, mfa }: Holder,
  credential: string,
  expires: number,
): IndexItem {
  return {
    ...toSessionKey(credential),
    w: shortened(principal),
    ...(person !== undefined && { p: shortened(person) }),
    // Not under the name that the secondary index goes by: the session's item is no event of the delivery.
    ...(trace !== undefined && { d: shortened(trace) }),
    ...(mfa !== undefined && { m: { S: mfa } }),
    expires: { N: String(expires) },
  };
}

export function fromSessionItem({ w, p, d, m }: IndexItem): Holder {
  const mfa = MFA_STATES.find((state) => state === m?.S);
  return {
    principal: w?.S ?? "unknown",
    ...(p?.S !== undefined && { person: p.S }),
    ...(d?.S !== undefined && { trace: d.S }),
    ...(mfa !== undefined && { mfa }),
  };
}

/** What was told of one account lies together, in the order of its time. */
export function toMfaPartition(account: string): AttributeValue.SMember {
  return { S: `${MFA}${toKeyText(account, MAX_PARTITION_KEY_BYTES - MFA.length)}` };
}

export function toMfaItems({ eventKey, mfa, mfaOf = [] }: IndexEntry, expires: number): IndexItem[] {
  if (mfa === undefined) return [];
  return mfaOf.map((account) => ({
    principal: toMfaPartition(account),
    eventKey: { S: toKeyText(eventKey, MAX_SORT_KEY_BYTES) },
    m: { S: mfa },
    expires: { N: String(expires) },
  }));
}

/** @returns undefined for what no Gatebook of this version has written */
export function fromMfaItem({ eventKey, m }: IndexItem): MfaTelling | undefined {
  const mfa = MFA_STATES.find((state) => state === m?.S);
  const time = timeOf({ eventKey: eventKey?.S ?? "" });
  return mfa === undefined || Number.isNaN(time) ? undefined : { time, mfa };
}

/** @param place where the entry is in the log, which a proof needs */
export function toIndexItem(entry: IndexEntry, { shard, index: logIndex }: EntryPlace, expires: number): IndexItem {
  return {
    ...toIndexKey(entry),
    a: { S: entry.action },
    o: shortened(entry.operation),
    i: { N: String(logIndex) },
    ...(shard !== 0 && { h: { N: String(shard) } }),
    expires: { N: String(expires) },
    ...(entry.person !== undefined && { p: shortened(entry.person) }),
    // An empty text is no key of a secondary index.
    ...(entry.resource && { resource: { S: toKeyText(entry.resource, MAX_PARTITION_KEY_BYTES) } }),
    ...(entry.trace && { trace: { S: toKeyText(entry.trace, MAX_PARTITION_KEY_BYTES) } }),
    ...(entry.status !== undefined && { s: { N: String(entry.status) } }),
    ...(entry.finding !== undefined && { f: { S: entry.finding } }),
    ...(entry.breakGlass !== undefined && { b: shortened(entry.breakGlass) }),
  };
}

/** Commits of a log lie together, in the order of their time and size: a range of time is a range of entries. */
export function toCommitItem(commit: { origin: string; time: number; size: number }, expires: number): IndexItem {
  // Sixteen digits hold every size that a number can say, and sort as text.
  const size = String(commit.size).padStart(16, "0");
  return {
    principal: toCommitPartition(commit.origin),
    eventKey: { S: `${new Date(commit.time).toISOString()}#${size}` },
    n: { N: String(commit.size) },
    expires: { N: String(expires) },
  };
}

/** @param origin the log's name */
export function toCommitPartition(origin: string): AttributeValue.SMember {
  return { S: `${COMMITS}${origin}` };
}

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.string() }).transform(({ N }) => Number(N));

const IndexAttributes = z
  .object({
    principal: text,
    eventKey: text,
    a: z.object({ S: z.enum(DELIVERY_ACTIONS) }).transform(({ S }) => S),
    o: text,
    p: text.exactOptional(),
    resource: text.exactOptional(),
    trace: text.exactOptional(),
    s: number.exactOptional(),
    i: number.exactOptional(),
    h: number.exactOptional(),
    f: z
      .object({ S: z.enum(LEVELS) })
      .transform(({ S }) => S)
      .exactOptional(),
    b: text.exactOptional(),
  })
  .transform(
    ({ principal, eventKey, a, o, p, resource, trace, s, i, h, f, b }): IndexEntry => ({
      principal,
      eventKey,
      action: a,
      operation: o,
      ...(p !== undefined && { person: p }),
      ...(resource !== undefined && { resource }),
      ...(trace !== undefined && { trace }),
      ...(s !== undefined && { status: s }),
      ...(i !== undefined && { logIndex: i }),
      ...(h !== undefined && { shard: h }),
      ...(f !== undefined && { finding: f }),
      ...(b !== undefined && { breakGlass: b }),
    }),
  );

export function fromIndexItem(attributes: IndexItem): IndexEntry {
  const parsed = IndexAttributes.safeParse(attributes);
  if (parsed.success) return parsed.data;
  throw new GatebookError("UNAVAILABLE", `the index holds what is no entry: rebuild it from the log`, {
    cause: parsed.error,
  });
}

/** Not a key: kept as it is unless it would take the item over the limit of a write. */
export function shortened(words: string): AttributeValue.SMember {
  const isFit = words.isWellFormed() && Buffer.byteLength(words) <= MAX_SORT_KEY_BYTES;
  return { S: isFit ? words : toKeyText(words, MAX_SORT_KEY_BYTES) };
}
