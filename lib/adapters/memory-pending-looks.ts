/** What waits to be looked at again, in memory. */
import { formatPlace } from "../core/evidence/entry-place.ts";
import type { PendingLook, PendingLooks } from "../core/second-look/pending-looks.ts";

export function memoryPendingLooks(): PendingLooks {
  const byKey = new Map<string, PendingLook>();
  const keyOf = ({ place, due }: PendingLook): string => `${due}${formatPlace(place)}`;
  return {
    async note(looks) {
      for (const look of looks) byKey.set(keyOf(look), look);
    },
    async due(now, limit) {
      const isDue = ({ due }: PendingLook): boolean => due <= now;
      return [...byKey.values()]
        .filter(isDue)
        .sort((a, b) => a.due - b.due)
        .slice(0, limit);
    },
    async remove(look) {
      byKey.delete(keyOf(look));
    },
  };
}
