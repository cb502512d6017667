/** The memory of which findings were told to somebody, and how far that went. */

/**
 * - `claimed`: the caller alone may tell it now.
 * - `busy`: somebody else is telling it.
 * - `told`: a mail of it went, or one that will count it is sure to go; it may not be on the bus yet.
 * - `done`: it is on the bus as well.
 */
type Claim = "claimed" | "busy" | "told" | "done";

/**
 * Remembers, per finding, that somebody is telling it, that it was told, or that nothing is left to do.
 *
 * `claim` is atomic: of two callers with the same finding at the same time, one gets `claimed` and the other `busy`. A claim that is
 * neither marked nor released ends at `until` (epoch milliseconds), so that a crash while mailing delays the mail and does not lose it;
 * a crash between the mail and `markTold` can mail once more, which is the lesser evil. What is told or done is so for good: `release` does
 * not take it back. `how` is the mail's message id, or a word for what will count it.
 */
export interface NoticeStore {
  claim(finding: string, now: number, until: number): Promise<Claim>;
  markTold(finding: string, how: string, now: number): Promise<void>;
  markDone(finding: string): Promise<void>;
  release(finding: string): Promise<void>;
}
