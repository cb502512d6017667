/** A whole log in a folder: each object a file, and beside it, in `<name>.history/<n>`, what was put under its path, oldest first. */
import { randomUUID } from "node:crypto";
import { closeSync, type Dirent, fstatSync, openSync, readSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LogArchive, StoredObject } from "../core/verify/log-archive.ts";
import type { LogReader } from "../core/verify/log-reader.ts";
import type { LogCopy } from "../core/verify/pull-log.ts";

const HISTORY = ".history";
/** Where files are written before they get their names: whatever a broken run leaves there is swept by the next. */
const INCOMPLETE = ".incomplete";

/** No such file; a file where a folder should be; a folder where a file should be. */
const MISSING_CODES: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

/** Paths that a log has: nothing that is read or written lies outside of the folder. */
const SAFE_PATH = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w][\w./-]*$/;

export function folderLogArchive(folder: string): LogArchive & LogReader {
  return {
    async read(path: string, room?: Buffer) {
      if (!SAFE_PATH.test(path)) return undefined;
      try {
        return readWhole(join(folder, path), room);
      } catch (cause) {
        if (isMissing(cause)) return undefined;
        throw cause;
      }
    },
    async *list(prefix) {
      yield* walk(folder, prefix);
    },
    async *history(path) {
      for (const name of await versionNames(join(folder, path + HISTORY))) {
        yield readWhole(join(folder, path + HISTORY, name));
      }
    },
  };
}

/** Writes to a file of another name first, so that a file that is there is whole, whenever the copying stops. */
export function folderLogCopy(folder: string): LogCopy {
  return {
    async sizeOf(path) {
      const stats = await stat(join(folder, path)).catch(ignoreMissing);
      return stats?.isFile() ? stats.size : undefined;
    },
    async write(path, bytes) {
      if (!SAFE_PATH.test(path)) throw new RangeError(`${JSON.stringify(path)} is no path of a log`);
      const incomplete = join(folder, INCOMPLETE, randomUUID());
      await mkdir(dirname(incomplete), { recursive: true });
      await mkdir(dirname(join(folder, path)), { recursive: true });
      const file = await open(incomplete, "wx");
      await file.writeFile(bytes).finally(() => file.close());
      await rename(incomplete, join(folder, path));
    },
    async sweep() {
      await rm(join(folder, INCOMPLETE), { recursive: true, force: true });
    },
  };
}

/** In the order of names, so that what belongs to one place comes together. */
async function* walk(folder: string, path: string): AsyncGenerator<StoredObject> {
  const entries = (await entriesIn(join(folder, path))).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const child = path + entry.name;
    if (!entry.isDirectory()) {
      const { size } = statSync(join(folder, child));
      const versions = names.has(entry.name + HISTORY) ? await countVersions(folder, child) : 1;
      yield { path: child, bytes: size, versions: Math.max(1, versions), isDeleted: false };
    } else if (!entry.name.endsWith(HISTORY)) {
      yield* walk(folder, `${child}/`);
    } else if (!names.has(entry.name.slice(0, -HISTORY.length))) {
      const hidden = child.slice(0, -HISTORY.length);
      yield { path: hidden, bytes: 0, versions: await countVersions(folder, hidden), isDeleted: true };
    }
  }
}

async function countVersions(folder: string, path: string): Promise<number> {
  return (await versionNames(join(folder, path + HISTORY))).length;
}

async function versionNames(folder: string): Promise<string[]> {
  const entries = await entriesIn(folder);
  return entries.map(({ name }) => name).sort((a, b) => Number(a) - Number(b));
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
}

/**
 * At once: handing each file to another thread costs more than the copy that it saves, and bytes that have just been copied are hashed while
 * the processor still has them at hand. Measured at seven eighths of the time that reading beside the hashing takes.
 */
function readWhole(file: string, room?: Buffer): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = room !== undefined && size <= room.length ? room : Buffer.allocUnsafeSlow(size);
    let length = 0;
    for (let more = size; more > 0 && length < size; length += more) {
      more = readSync(descriptor, bytes, length, size - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function ignoreMissing(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && MISSING_CODES.has(String(cause.code));
}
