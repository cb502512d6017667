/** What a path under tile/ stands for in a log (https://c2sp.org/tlog-tiles#merkle-tree). */
import { parseDecimal } from "../evidence/canonical-decimal.ts";
import { bundlePath, TILE_WIDTH, tilePath } from "../evidence/tile-path.ts";

/** Levels that 2^53 entries need; the specification has them up to 63. */
const MAX_LEVEL = 6;

export interface Place {
  /** Entry bundles hold what the hashes of level 0 are of. */
  readonly kind: "bundle" | "tile";
  readonly level: number;
  readonly index: number;
  /** Entries or hashes: 256, or fewer in a partial one. */
  readonly width: number;
}

/** @returns undefined for a path that no log has */
export function parsePlace(path: string): Place | undefined {
  const [, kind = "", elements = "", partial] =
    /^tile\/(entries|\d)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const width = partial === undefined ? TILE_WIDTH : parseDecimal(partial);
  const index = Number(elements.replace(/\D/g, ""));
  const level = kind === "entries" ? 0 : Number(kind);
  if (elements === "" || width === undefined || level > MAX_LEVEL || !Number.isSafeInteger(index)) return undefined;
  const place: Place = { kind: kind === "entries" ? "bundle" : "tile", level, index, width };
  // One text for each place: another one would be read by nobody and could hold anything.
  return width >= 1 && pathOf(place) === path ? place : undefined;
}

export function pathOf({ kind, level, index, width }: Place): string {
  return kind === "bundle" ? bundlePath(index, width) : tilePath(level, index, width);
}

/** The same place, as wide as a log of `size` entries has it; undefined where such a log has nothing there yet. */
export function placeIn(size: number, place: Place): Place | undefined {
  const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** place.level) - place.index * TILE_WIDTH);
  return width >= 1 ? { ...place, width } : undefined;
}

/** How many entries a log must have for something of this width to be at this place. */
export function entriesUpTo({ level, index, width }: Place): number {
  return (index * TILE_WIDTH + width) * TILE_WIDTH ** level;
}
