/** Findings that wait to be told together. */
import type { Finding } from "../record/finding.ts";

/** `repeat`: the same rule, principal and resource were mailed lately. `storm`: too many mails went in a short time. */
export type WaitingReason = "repeat" | "storm";

export interface WaitingFinding {
  /** When it is to be told, epoch milliseconds. */
  readonly due: number;
  readonly reason: WaitingReason;
  readonly finding: Finding;
}

/**
 * What is put is durable once `put` resolves, and stays until it is removed; putting it again with the same `due` changes nothing. `due`
 * answers with what was to be told by now, the longest due first. Removing what is not there is no error. A call that rejects may have been
 * carried out, of `remove` in part.
 */
export interface Outbox {
  put(waiting: WaitingFinding): Promise<void>;
  due(now: number, limit: number): Promise<readonly WaitingFinding[]>;
  remove(waiting: readonly WaitingFinding[]): Promise<void>;
}
