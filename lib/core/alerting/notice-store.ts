/** The memory of which findings were mailed. */

/**
 * Remembers, per finding, that somebody is mailing it or that it was mailed.
 *
 * `claim` is atomic: of two callers with the same finding at the same time, one gets `claimed` and the other `busy`. A claim that is
 * neither marked nor released ends at `until` (epoch milliseconds), so that a crash while mailing delays the mail and does not lose it;
 * a crash between the mail and `markSent` can mail once more, which is the lesser evil.
 */
export interface NoticeStore {
  claim(finding: string, now: number, until: number): Promise<"claimed" | "busy" | "sent">;
  markSent(finding: string, message: string, now: number): Promise<void>;
  release(finding: string): Promise<void>;
}
