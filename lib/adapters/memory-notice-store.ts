/** Notices in memory. */
import type { NoticeStore } from "../core/alerting/notice-store.ts";

export function memoryNoticeStore(): NoticeStore {
  const sent = new Set<string>();
  const claims = new Map<string, number>();
  return {
    async claim(finding, now, until) {
      if (sent.has(finding)) return "sent";
      if ((claims.get(finding) ?? Number.NEGATIVE_INFINITY) >= now) return "busy";
      claims.set(finding, until);
      return "claimed";
    },
    async markSent(finding) {
      sent.add(finding);
    },
    async release(finding) {
      if (!sent.has(finding)) claims.delete(finding);
    },
  };
}
