/** Whether a finding is worth a mail of its own now, or waits to be told with others. */
import { hash } from "node:crypto";
import type { Configuration } from "../configuration/configuration.ts";
import type { Finding } from "../record/finding.ts";
import type { AlertWindows } from "./alert-windows.ts";
import type { WaitingFinding } from "./outbox.ts";

export const MINUTE_MS = 60_000;
/** From the mail that was one too many to the digest of what came after it. */
const STORM_MS = MINUTE_MS;
/** While this is open, findings are collected. */
export const STORM = "storm";

/** Everything of one group within `alerts.repeatAfterMinutes` is one mail, and one that counts the rest. */
export function groupOf({ rule, principal, resource }: Pick<Finding, "rule" | "principal" | "resource">): string {
  return `group/${hash("sha256", JSON.stringify([rule.id, principal, resource ?? null]), "hex")}`;
}

interface Pace {
  readonly configuration: Pick<Configuration, "alerts">;
  readonly windows: AlertWindows;
}

/** Asking again for the same finding, as after a crash, has the same answer as long as its window is open. Undefined: now. */
export async function whatToWaitFor(
  finding: Finding,
  { configuration, windows }: Pace,
  now: number,
): Promise<Pick<WaitingFinding, "due" | "reason"> | undefined> {
  const { repeatAfterMinutes, maxMailsPerMinute } = configuration.alerts;
  const { uid, level, rule } = finding;
  const until = now + repeatAfterMinutes * MINUTE_MS;
  if (repeatAfterMinutes > 0) {
    const window = await windows.open(groupOf(finding), uid, { now, until });
    if (!window.isHolder) return { reason: "repeat", due: window.until };
  }
  const storm = await stormUntil(uid, windows, maxMailsPerMinute, now);
  if (storm === undefined) return undefined;
  if (level === "critical") {
    // In the worst of storms, one critical finding of each rule does not wait for the digest.
    const times = { now, until: Math.max(until, now + STORM_MS) };
    if ((await windows.open(`critical/${rule.id}`, uid, times)).isHolder) return undefined;
  }
  return { reason: "storm", due: storm };
}

async function stormUntil(
  uid: string,
  windows: AlertWindows,
  maxMails: number,
  now: number,
): Promise<number | undefined> {
  const open = await windows.closes(STORM, now);
  if (open !== undefined) return open;
  if (await windows.take(`mails/${Math.floor(now / MINUTE_MS)}`, maxMails, now)) return undefined;
  return (await windows.open(STORM, uid, { now, until: now + STORM_MS })).until;
}
