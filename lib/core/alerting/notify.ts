/** One finding: a mail, or a place in the next one; and the event bus. */
import type { Configuration } from "../configuration/configuration.ts";
import { GatebookError } from "../errors.ts";
import { type Finding, isAtLeast } from "../record/finding.ts";
import type { AlertTopic } from "./alert-topic.ts";
import type { AlertWindows } from "./alert-windows.ts";
import type { FindingSink } from "./finding-sink.ts";
import { formatAlert } from "./format-alert.ts";
import { readHistory } from "./history.ts";
import type { NoticeStore } from "./notice-store.ts";
import type { Outbox, WaitingReason } from "./outbox.ts";
import { whatToWaitFor } from "./pace.ts";
import type { PrincipalHistory } from "./principal-history.ts";
import { type Suppression, suppressionOf } from "./suppression.ts";

/** Longer than a mail can take with its retries, shorter than a message stays hidden in the queue. */
const CLAIM_MS = 60_000;

export interface Notifier {
  readonly configuration: Configuration;
  readonly notices: NoticeStore;
  readonly windows: AlertWindows;
  readonly outbox: Outbox;
  readonly topic: AlertTopic;
  readonly history: PrincipalHistory;
  /** Machines that read findings; a mail waits for none of them. */
  readonly sinks: readonly FindingSink[];
  readonly now: () => number;
}

type Told =
  | { readonly outcome: "mailed"; readonly message: string }
  | { readonly outcome: "waiting"; readonly reason: WaitingReason; readonly due: number };

export type Notice =
  | Told
  | { readonly outcome: "suppressed"; readonly suppression: Suppression }
  | { readonly outcome: "below-level" | "staged" | "already-mailed" };

/**
 * Tells somebody of a finding, unless that was done before or nobody wants to be told.
 *
 * The order of writes makes a crash harmless: claim → (window) → mail, or put among those that wait → mark as told → event bus → mark as
 * done. A crash before "told" has the finding told again when its message comes back; one after it, put on the bus again, which knows it by
 * its uid.
 *
 * @throws GatebookError `UNAVAILABLE` while somebody else is telling it; anything that topic, outbox or sinks throw. The finding stays in
 * its queue.
 */
export async function notify(finding: Finding, notifier: Notifier): Promise<Notice> {
  const { configuration, notices, sinks, now } = notifier;
  const at = now();
  if (finding.staged === true) return { outcome: "staged" };
  if (!isAtLeast(finding.level, configuration.alerts.minimumLevel)) return { outcome: "below-level" };
  const { active, expired } = suppressionOf(finding, configuration, at);
  if (active !== undefined) return { outcome: "suppressed", suppression: active };

  const claim = await notices.claim(finding.uid, at, at + CLAIM_MS);
  if (claim === "done") return { outcome: "already-mailed" };
  // Not an outcome to acknowledge: should the other one fail, this delivery of the finding is the one that tells it.
  if (claim === "busy") {
    const message = `finding ${finding.uid} is being mailed by another worker; it is tried again`;
    throw new GatebookError("UNAVAILABLE", message);
  }

  let notice: Notice = { outcome: "already-mailed" };
  if (claim === "claimed") {
    const told = await tellOrRelease(finding, notifier, expired);
    await notices.markTold(finding.uid, told.outcome === "mailed" ? told.message : told.reason, now());
    notice = told;
  }
  for (const sink of sinks) await sink.put(finding);
  await notices.markDone(finding.uid);
  return notice;
}

async function tellOrRelease(finding: Finding, notifier: Notifier, expired: Suppression | undefined): Promise<Told> {
  try {
    return await tell(finding, notifier, expired);
  } catch (cause) {
    // If this fails too, the claim ends by itself; what went wrong first is what has to be told.
    await notifier.notices.release(finding.uid).catch(() => undefined);
    throw cause;
  }
}

async function tell(finding: Finding, notifier: Notifier, expired: Suppression | undefined): Promise<Told> {
  const { configuration, outbox, topic, now } = notifier;
  const waiting = await whatToWaitFor(finding, notifier, now());
  if (waiting !== undefined) {
    await outbox.put({ ...waiting, finding });
    return { outcome: "waiting", ...waiting };
  }
  const history = await readHistory(finding, configuration.people, notifier.history);
  return { outcome: "mailed", message: await topic.publish(formatAlert(finding, configuration, { history, expired })) };
}
