/** Where alerts are published. */
import type { Alert } from "./format-alert.ts";

/** Resolves with the message's id once the topic has it for good; rejects when it is not known to have it. */
export interface AlertTopic {
  publish(alert: Alert): Promise<string>;
}
