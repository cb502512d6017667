/** A log that is being written to, for reading up to its head. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LogSource } from "../core/evidence/log-source.ts";

/** Two seconds in all: what a writer takes from the swap of the head to its last object, several times over. */
const WAITS_MS = [100, 200, 400, 600, 700];

/** Tiles and entry bundles, in any shard. */
const TILE = /(?:^|\/)tile\//;

/**
 * The head moves before the tiles and bundles that it calls for are stored, so that a reader may come between the two: one that is missing is
 * asked for again. What is missing after that is missing.
 */
export function patientLogSource(
  log: LogSource,
  wait: (milliseconds: number) => Promise<unknown> = (milliseconds) => sleep(milliseconds),
): LogSource {
  return {
    async read(path) {
      let bytes = await log.read(path);
      if (!TILE.test(path)) return bytes;
      for (const milliseconds of WAITS_MS) {
        if (bytes !== undefined) break;
        await wait(milliseconds);
        bytes = await log.read(path);
      }
      return bytes;
    },
  };
}
