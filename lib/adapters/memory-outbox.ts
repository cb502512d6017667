/** Findings that wait, in memory. */
import type { Outbox, WaitingFinding } from "../core/alerting/outbox.ts";

export function memoryOutbox(): Outbox {
  const byKey = new Map<string, WaitingFinding>();
  const keyOf = ({ due, reason, finding }: WaitingFinding): string =>
    `${new Date(due).toISOString()}#${reason}#${finding.uid}`;
  return {
    async put(waiting) {
      byKey.set(keyOf(waiting), waiting);
    },
    async due(now, limit) {
      const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, waiting]) => waiting);
      return sorted.filter(({ due }) => due <= now).slice(0, limit);
    },
    async remove(waiting) {
      for (const each of waiting) byKey.delete(keyOf(each));
    },
  };
}
