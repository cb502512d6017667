/** Grants in memory. */
import { type Grant, lowestIdAt } from "../core/grants/grant.ts";
import type { GrantStore } from "../core/grants/grant-store.ts";

export function memoryGrantStore(): GrantStore {
  const grants = new Map<string, Grant>();
  return {
    async read(id) {
      return grants.get(id);
    },
    async replace(next) {
      if ((grants.get(next.id)?.version ?? 0) !== next.version - 1) return "moved";
      grants.set(next.id, structuredClone(next));
      return "stored";
    },
    async requestedBetween(from, to) {
      const [first, end] = [lowestIdAt(from), lowestIdAt(to)];
      return [...grants.values()]
        .filter(({ id }) => id >= first && id < end)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}
