/** Legal holds in memory. */
import type { ObjectHolds, StoredVersion } from "../core/holds/object-holds.ts";

/** @param versions the names of the versions stored under each path */
export function memoryObjectHolds(
  versions: ReadonlyMap<string, readonly string[]>,
  held = new Set<string>(),
): ObjectHolds {
  const need = ({ path, version }: StoredVersion): string => {
    if (versions.get(path)?.includes(version) !== true) throw new Error(`${path} has no version ${version}`);
    return `${path}@${version}`;
  };
  return {
    async versions(path) {
      return versions.get(path) ?? [];
    },
    async isHeld(stored) {
      return held.has(need(stored));
    },
    async set(stored, status) {
      if (status === "held") held.add(need(stored));
      else held.delete(need(stored));
    },
  };
}
