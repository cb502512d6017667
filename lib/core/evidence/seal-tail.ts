/** The daily seal: the newest tiles and entries, which are stored as partials and locked for days, get the lock of the whole retention. */
import { GatebookError } from "../errors.ts";
import type { HeadStore } from "./head.ts";
import { partialPaths } from "./tile-path.ts";

/** Each lost race means that the log has grown meanwhile, and its tail is another one. */
export const MAX_SEAL_ATTEMPTS = 5;

/**
 * Lengthens locks, and never shortens one.
 *
 * `seal` resolves with "sealed" once the object is locked for the whole retention, counted from when it was written, and kept out of every clearing
 * away, and with "missing" where there is no such object. Sealing again changes nothing.
 */
export interface TailStore {
  seal(path: string): Promise<"sealed" | "missing">;
}

export interface Sealed {
  /** Entries in the log whose tail this is. */
  readonly size: number;
  readonly paths: readonly string[];
}

/**
 * Seals the partials of the head. What is superseded within a day stays unsealed: the partials of the next seal, or full tiles, hold all of it.
 *
 * @throws UNAVAILABLE when a partial is not stored yet: whoever publishes finishes it within a minute, so try again
 */
export async function sealTail(world: {
  readonly heads: Pick<HeadStore, "read">;
  readonly tail: TailStore;
}): Promise<Sealed> {
  let missing = "";
  for (let tries = 0; tries < MAX_SEAL_ATTEMPTS; tries += 1) {
    const head = await world.heads.read();
    const size = head?.size ?? 0;
    const paths = partialPaths(size);
    const outcomes = await Promise.all(paths.map((path) => world.tail.seal(path)));
    if (!outcomes.includes("missing")) return { size, paths };
    missing = paths[outcomes.indexOf("missing")] ?? "";
  }
  throw new GatebookError("UNAVAILABLE", `${missing} is not stored yet: publish the log's head, then seal again`);
}
