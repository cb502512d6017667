/** Which paths of the log there are for readers (https://c2sp.org/tlog-tiles#apis), and no other way into the bucket. */

/** Three digits to an element, all but the last after an x; a number has one path only. */
const INDEX = String.raw`(?:(?!x000)x\d{3}\/(?:x\d{3}\/){0,4})?\d{3}`;
const WIDTH = String.raw`(?:\.p\/(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?`;
const LEVEL = String.raw`(?:\d|[1-5]\d|6[0-3])`;

const TILE = new RegExp(String.raw`^tile\/${LEVEL}\/${INDEX}${WIDTH}$`);
const ENTRIES = new RegExp(String.raw`^tile\/entries\/${INDEX}${WIDTH}$`);
const PAYLOAD = /^payload\/[0-9a-f]{64}$/;

export type LogPathKind = "checkpoint" | "tile" | "entries" | "payload";

/** @returns undefined for what is no path of a log, however it is written */
export function logPathKind(path: string): LogPathKind | undefined {
  if (path === "checkpoint") return "checkpoint";
  if (TILE.test(path)) return "tile";
  if (ENTRIES.test(path)) return "entries";
  return PAYLOAD.test(path) ? "payload" : undefined;
}
