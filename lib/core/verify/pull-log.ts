/** Copying a whole log to another place, so that it can be verified there. */
import { GatebookError } from "../errors.ts";
import { isPartialPath } from "../evidence/tile-path.ts";
import type { LogArchive, StoredObject } from "./log-archive.ts";
import { readAhead } from "./read-ahead.ts";

const MAX_OBJECTS_AHEAD = 16;

/**
 * Where a log is copied to.
 *
 * A path is either whole or not there, whenever the copying stops. `sizeOf` gives the bytes of what is there, or undefined; `sweep` removes
 * what an earlier copy left unfinished.
 */
export interface LogCopy {
  sizeOf(path: string): Promise<number | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  sweep(): Promise<void>;
}

export interface Pulled {
  readonly copied: number;
  /** There already, as large as they should be. */
  readonly kept: number;
  readonly bytes: number;
}

/**
 * Copies the log as it is, right or wrong: objects that should not be there and versions put over others included, so that whoever verifies the
 * copy sees them. A copy that was interrupted goes on where it stopped.
 *
 * @throws UNAVAILABLE when no checkpoint has been published yet
 */
export async function pullLog(log: LogArchive, copy: LogCopy, onProgress?: (objects: number) => void): Promise<Pulled> {
  await copy.sweep();
  // Read before the listing and written after everything: the copy's checkpoint never promises more than the copy has.
  const checkpoint = await log.read("checkpoint");
  if (checkpoint === undefined) {
    throw new GatebookError(
      "UNAVAILABLE",
      "the log has no checkpoint yet: wait for the publisher, which signs each minute",
    );
  }
  const counts = { copied: 0, kept: 0, bytes: 0 };
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    await copy.write(path, bytes);
    counts.copied += 1;
    counts.bytes += bytes.byteLength;
  };

  await copyHistory(log, "checkpoint", write);
  const copied = readAhead(MAX_OBJECTS_AHEAD, objectsOf(log), (object) => copyObject(object, log, copy, write));
  let objects = 0;
  for await (const isCopied of copied) {
    if (!isCopied) counts.kept += 1;
    objects += 1;
    onProgress?.(objects);
  }
  await write("checkpoint", checkpoint);
  return counts;
}

async function* objectsOf(log: LogArchive): AsyncGenerator<StoredObject> {
  for await (const object of log.list("tile/")) {
    // The bucket's lifecycle takes partials away that have grown since. Whether that one had, verification finds out.
    if (!object.isDeleted || !isPartialPath(object.path)) yield object;
  }
  yield* log.list("payload/");
}

type Write = (path: string, bytes: Uint8Array) => Promise<void>;

/** @returns whether it was copied, not kept */
async function copyObject(
  { path, bytes, versions, isDeleted }: StoredObject,
  log: LogArchive,
  copy: LogCopy,
  write: Write,
) {
  // A path of the log never holds anything else: of the same size, it is the same object. Verification says if it is damaged.
  if (versions === 1 && !isDeleted && (await copy.sizeOf(path)) === bytes) return false;
  if (versions > 1 || isDeleted) await copyHistory(log, path, write);
  const current = await log.read(path);
  if (current !== undefined) await write(path, current);
  return true;
}

async function copyHistory(log: LogArchive, path: string, write: Write): Promise<void> {
  let version = 0;
  for await (const bytes of log.history(path)) {
    version += 1;
    await write(`${path}.history/${version}`, bytes);
  }
}
