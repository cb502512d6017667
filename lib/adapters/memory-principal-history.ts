/** What principals did, in memory. */
import type { PrincipalHistory } from "../core/alerting/principal-history.ts";
import type { IndexEntry } from "../core/record/index-entry.ts";

export function memoryPrincipalHistory(entries: readonly IndexEntry[] = []): PrincipalHistory {
  const sorted = entries.toSorted((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
  const of = (principal: string) => sorted.filter((entry) => entry.principal === principal);
  return {
    async before(principal, time, limit) {
      const bound = new Date(time).toISOString();
      return of(principal)
        .filter(({ eventKey }) => eventKey < bound)
        .reverse()
        .slice(0, limit);
    },
    async since(principal, time, limit) {
      const bound = new Date(time).toISOString();
      return of(principal)
        .filter(({ eventKey }) => eventKey >= bound)
        .slice(0, limit);
    },
  };
}
