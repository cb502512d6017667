/** What keeps mails few: windows of time that one holder has, and a number of mails that may go in one. */

interface AlertWindow {
  /** Whether the window is the asker's own. */
  readonly isHolder: boolean;
  /** When it closes, epoch milliseconds. */
  readonly until: number;
}

/**
 * Windows of time by name. A window is open up to, and without, its `until`.
 *
 * `open` is atomic: of many who ask at once where none is open, one becomes the holder, and stays it as often as it asks again before the
 * window closes, which never moves. `closes` says when the window that is open now closes; undefined where none is. `take` is atomic too: it
 * is true for the first `limit` callers of a name and false ever after, for at least an hour. A call that rejects may have been carried out.
 */
export interface AlertWindows {
  open(name: string, holder: string, times: { readonly now: number; readonly until: number }): Promise<AlertWindow>;
  closes(name: string, now: number): Promise<number | undefined>;
  take(name: string, limit: number, now: number): Promise<boolean>;
}
