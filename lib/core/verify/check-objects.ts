/** What is stored beside the log's own objects: nothing may be put over another, nothing may be there that no log of this size has. */
import { HASH_BYTES } from "../evidence/merkle.ts";
import { TILE_WIDTH } from "../evidence/tile-path.ts";
import { lengthOfEntries } from "./leaf-hashes.ts";
import type { LogListing, StoredObject } from "./log-archive.ts";
import { type LogReader, roomsInTurn } from "./log-reader.ts";
import { createNewerObjects, type NewerObjects } from "./newer-objects.ts";
import { CHANGED, MISSING, notVerified } from "./not-verified.ts";
import type { Payloads } from "./payloads.ts";
import { entriesUpTo, type Place, parsePlace, pathOf, placeIn } from "./place.ts";
import { readAhead } from "./read-ahead.ts";

const MAX_OBJECTS_AHEAD = 8;
const MAX_NAME_CHARACTERS = 200;

export interface ObjectsFound {
  readonly objects: number;
  /** Entries behind the checkpoint, which nobody has signed yet. */
  readonly newerEntries: number;
  /** Payloads that no entry names: left behind by a batch that was never committed. Undefined when there were too many to tell. */
  readonly unnamedPayloads: number | undefined;
}

export interface ObjectCheck {
  readonly log: LogReader;
  readonly listing: LogListing;
  readonly size: number;
  readonly payloads: Payloads;
}

/** Takes place once the tree is checked: what is at the places of this size is known to be right. */
export async function checkObjects(check: ObjectCheck): Promise<ObjectsFound> {
  const newer = createNewerObjects(check.size);
  const tiles = await checkTiles(check, newer);
  const newerEntries = newer.finish();
  return { newerEntries, ...(await checkStoredPayloads(check, tiles)) };
}

async function checkTiles({ log, listing, size }: ObjectCheck, newer: NewerObjects): Promise<number> {
  const needed = rememberLast(log);
  const rooms = roomsInTurn(MAX_OBJECTS_AHEAD);
  let objects = 0;
  const others = othersIn(listing.list("tile/"), size, () => {
    objects += 1;
  });
  const fetched = readAhead(MAX_OBJECTS_AHEAD, others, async (place) => ({
    place,
    bytes: await log.read(pathOf(place), rooms()),
  }));
  for await (const { place, bytes } of fetched) {
    if (bytes === undefined) throw notVerified(pathOf(place), "is listed and cannot be read", MISSING);
    if (entriesUpTo(place) > size) newer.add(place);
    const own = placeIn(size, place);
    if (own === undefined) continue;
    const [narrow, wide] = own.width < place.width ? [own, place] : [place, own];
    const ownBytes = await needed(own);
    const [start, whole] = narrow === own ? [ownBytes, asBuffer(bytes)] : [asBuffer(bytes), ownBytes];
    if (isStartOf(start, whole, narrow)) continue;
    throw notVerified(
      pathOf(place),
      `and ${pathOf(own)} do not start with the same ${narrow.width} ${narrow.kind === "bundle" ? "entries" : "hashes"}`,
      `${pathOf(own)} is what was signed for, so ${pathOf(place)} was changed (${pathOf(narrow)} must be the start of ${pathOf(wide)}): ${CHANGED}`,
    );
  }
  return objects;
}

/** Of the objects that are there, those which the tree's check has not read: partials that have grown since, and what is newer. */
async function* othersIn(
  stored: AsyncIterable<StoredObject>,
  size: number,
  onObject: () => void,
): AsyncGenerator<Place> {
  for await (const object of stored) {
    onObject();
    const place = parsePlace(object.path);
    if (place === undefined) throw extra(object.path, "is under tile/, and no log has an object of that name");
    // The bucket's lifecycle takes partials away that have grown since.
    const own = placeIn(size, place)?.width;
    if (object.isDeleted && own !== undefined && place.width < own) continue;
    refuseOtherVersions(object);
    if (own !== place.width) yield place;
  }
}

function refuseOtherVersions({ path, versions, isDeleted }: StoredObject): void {
  if (versions <= 1 && !isDeleted) return;
  const found = isDeleted ? "is hidden behind a delete marker" : `has ${versions} versions`;
  throw notVerified(
    nameOf(path),
    `${found}, and an object of the log is written once`,
    "somebody put another object over it or deleted it: the first version is still in the evidence bucket under its lock, compare them",
  );
}

function extra(path: string, found: string): Error {
  return notVerified(
    nameOf(path),
    found,
    "somebody added it, or entries are being recorded while it was copied: pull again, and if it stays ask who wrote it",
  );
}

/** Names come from outside, and are shown to people. */
function nameOf(path: string): string {
  return /^[\w./-]{1,200}$/.test(path) ? path : JSON.stringify(path.slice(0, MAX_NAME_CHARACTERS));
}

/** Partials of one place are listed together: what they are compared with is read once for all of them. */
function rememberLast(log: LogReader): (place: Place) => Promise<Buffer> {
  const room = roomsInTurn(1);
  let last: { readonly path: string; readonly bytes: Buffer } | undefined;
  return async (place) => {
    const path = pathOf(place);
    if (last?.path === path) return last.bytes;
    const bytes = await log.read(path, room());
    if (bytes === undefined) throw notVerified(path, "is missing", MISSING);
    last = { path, bytes: asBuffer(bytes) };
    return last.bytes;
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param narrow the place of `start`: what is there must be as long as its width says, besides */
function isStartOf(start: Buffer, whole: Buffer, { kind, width }: Place): boolean {
  const length = kind === "tile" ? width * HASH_BYTES : lengthOfEntries(whole, Math.min(width, TILE_WIDTH));
  return length === start.length && start.length <= whole.length && whole.subarray(0, length).equals(start);
}

async function checkStoredPayloads(
  { listing, payloads }: ObjectCheck,
  tiles: number,
): Promise<Omit<ObjectsFound, "newerEntries">> {
  let objects = tiles;
  let unnamed: number | undefined = 0;
  for await (const object of listing.list("payload/")) {
    objects += 1;
    refuseOtherVersions(object);
    const isNamed = payloads.isNamed(object.path);
    unnamed = isNamed === undefined || unnamed === undefined ? undefined : unnamed + (isNamed ? 0 : 1);
  }
  return { objects, unnamedPayloads: unnamed };
}
