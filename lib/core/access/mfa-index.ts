/** What sign-ins and settings told of accounts' second factors, as the index keeps it. */
import type { MfaState } from "./mfa.ts";

/** Of one account in one range of time; each batch asks about the few hours of its events. */
export const MAX_TELLINGS = 50;

export interface MfaTelling {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly mfa: MfaState;
}

/**
 * The index by the account that an entry's `mfaOf` names. Strongly consistent: it knows what a finished write has stored, whichever order entries were
 * written in.
 *
 * `tellingsOf` answers with the latest from `since` to `until` (both inclusive, epoch milliseconds), newest first, MAX_TELLINGS at most.
 */
export interface MfaIndex {
  tellingsOf(
    account: string,
    range: { readonly since: number; readonly until: number },
  ): Promise<readonly MfaTelling[]>;
}
