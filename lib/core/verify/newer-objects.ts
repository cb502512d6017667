/** Objects of entries that came after the checkpoint: how many entries they hold, and whether they are what a log of that size has. */
import type { GatebookError } from "../errors.ts";
import { TILE_WIDTH } from "../evidence/tile-path.ts";
import { notVerified } from "./not-verified.ts";
import { entriesUpTo, type Place, pathOf } from "./place.ts";

/** A publisher signs each minute or so; a checkpoint that is this far behind is itself what is wrong. */
const MAX_NEWER_OBJECTS = 100_000;

export interface NewerObjects {
  add(place: Place): void;
  /** @returns how many entries are newer than the checkpoint; @throws NOT_VERIFIED for objects beyond them */
  finish(): number;
}

/** @param size that the checkpoint signs */
export function createNewerObjects(size: number): NewerObjects {
  const places: Place[] = [];
  return {
    add(place) {
      if (places.length >= MAX_NEWER_OBJECTS) throw tooManyNewer(size);
      places.push(place);
    },
    finish() {
      const end = endOfBundles(size, places);
      const beyond = places.find((place) => entriesUpTo(place) > end);
      if (beyond !== undefined) {
        throw notVerified(
          pathOf(beyond),
          `belongs to a log of ${entriesUpTo(beyond)} entries or more, and here are bundles of ${end} (${size} of them signed)`,
          "somebody added it, or entries are being recorded while it was copied: pull again, and if it stays ask who wrote it",
        );
      }
      return end - size;
    },
  };
}

/** Bundles behind the checkpoint count as long as there is no gap between them. */
function endOfBundles(size: number, places: readonly Place[]): number {
  const widths = new Map<number, number>();
  for (const { kind, index, width } of places) {
    if (kind === "bundle") widths.set(index, Math.max(width, widths.get(index) ?? 0));
  }
  let index = Math.floor(size / TILE_WIDTH);
  while (widths.get(index) === TILE_WIDTH) index += 1;
  return Math.max(size, index * TILE_WIDTH + (widths.get(index) ?? 0));
}

function tooManyNewer(size: number): GatebookError {
  return notVerified(
    "checkpoint",
    `is of ${size} entries, and more than ${MAX_NEWER_OBJECTS} objects are newer`,
    "the publisher has stopped signing, or somebody put an old checkpoint in place: see when it last signed",
  );
}
