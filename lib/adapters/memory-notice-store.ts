/** Notices in memory. */
import type { NoticeStore } from "../core/alerting/notice-store.ts";

export function memoryNoticeStore(): NoticeStore {
  const told = new Map<string, "told" | "done">();
  const claims = new Map<string, number>();
  return {
    async claim(finding, now, until) {
      const state = told.get(finding);
      if (state !== undefined) return state;
      if ((claims.get(finding) ?? Number.NEGATIVE_INFINITY) >= now) return "busy";
      claims.set(finding, until);
      return "claimed";
    },
    async markTold(finding) {
      told.set(finding, "told");
    },
    async markDone(finding) {
      told.set(finding, "done");
    },
    async release(finding) {
      if (!told.has(finding)) claims.delete(finding);
    },
  };
}
