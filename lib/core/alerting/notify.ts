/** One finding: one mail. */
import type { Configuration } from "../configuration/configuration.ts";
import { GatebookError } from "../errors.ts";
import { type Finding, isAtLeast } from "../record/finding.ts";
import type { AlertTopic } from "./alert-topic.ts";
import { formatAlert } from "./format-alert.ts";
import type { NoticeStore } from "./notice-store.ts";

/** Longer than a publish can take with its retries, shorter than a message stays hidden in the queue. */
const CLAIM_MS = 60_000;

export interface Notifier {
  readonly configuration: Configuration;
  readonly notices: NoticeStore;
  readonly topic: AlertTopic;
  readonly now: () => number;
}

export type Notice =
  | { readonly outcome: "mailed"; readonly message: string }
  | { readonly outcome: "below-level" | "already-mailed" };

/**
 * Mails a finding unless that was done before or its level is below `alerts.minimumLevel`.
 *
 * @throws GatebookError `UNAVAILABLE` while somebody else is mailing it; anything that the topic throws. The finding stays in its queue.
 */
export async function notify(finding: Finding, { configuration, notices, topic, now }: Notifier): Promise<Notice> {
  if (!isAtLeast(finding.level, configuration.alerts.minimumLevel)) return { outcome: "below-level" };
  const at = now();
  const claim = await notices.claim(finding.uid, at, at + CLAIM_MS);
  if (claim === "sent") return { outcome: "already-mailed" };
  // Not an outcome to acknowledge: should the other one fail, this delivery of the finding is the one that mails it.
  if (claim === "busy")
    throw new GatebookError(
      "UNAVAILABLE",
      `finding ${finding.uid} is being mailed by another worker; it is tried again`,
    );

  const message = await publishOrRelease(finding, { configuration, notices, topic });
  await notices.markSent(finding.uid, message, now());
  return { outcome: "mailed", message };
}

async function publishOrRelease(
  finding: Finding,
  { configuration, notices, topic }: Omit<Notifier, "now">,
): Promise<string> {
  try {
    return await topic.publish(formatAlert(finding, configuration));
  } catch (cause) {
    // If this fails too, the claim ends by itself; what went wrong first is what has to be told.
    await notices.release(finding.uid).catch(() => undefined);
    throw cause;
  }
}
