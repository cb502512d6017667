/** A whole log in memory, with the versions of its objects. */
import type { LogArchive } from "../core/verify/log-archive.ts";

/** Stands for a delete marker among the versions of an object. */
export const DELETED: Uint8Array = new Uint8Array();

/** @param versions what was put under each path, oldest first; the last one is what is read */
export function memoryLogArchive(versions: ReadonlyMap<string, readonly Uint8Array[]>): LogArchive {
  return {
    async read(path) {
      const last = versions.get(path)?.at(-1);
      return last === DELETED ? undefined : last?.slice();
    },
    async *list(prefix) {
      for (const path of [...versions.keys()].filter((key) => key.startsWith(prefix)).sort()) {
        const stored = versions.get(path) ?? [];
        const last = stored.at(-1);
        const isDeleted = last === DELETED;
        yield {
          path,
          bytes: isDeleted ? 0 : (last?.byteLength ?? 0),
          versions: stored.filter((version) => version !== DELETED).length,
          isDeleted,
        };
      }
    },
    async *history(path) {
      for (const bytes of versions.get(path) ?? []) if (bytes !== DELETED) yield bytes.slice();
    },
  };
}
