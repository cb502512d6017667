/** Windows of time in memory. */
import type { AlertWindows } from "../core/alerting/alert-windows.ts";

export function memoryAlertWindows(): AlertWindows {
  const windows = new Map<string, { readonly holder: string; readonly until: number }>();
  const taken = new Map<string, number>();
  return {
    async open(name, holder, { now, until }) {
      const open = windows.get(name);
      if (open !== undefined && open.until > now) return { isHolder: open.holder === holder, until: open.until };
      windows.set(name, { holder, until });
      return { isHolder: true, until };
    },
    async closes(name, now) {
      const until = windows.get(name)?.until;
      return until !== undefined && until > now ? until : undefined;
    },
    async take(name, limit) {
      const count = taken.get(name) ?? 0;
      if (count >= limit) return false;
      taken.set(name, count + 1);
      return true;
    },
  };
}
