/** What is known around a recording, and what it turns out to be. */

export interface Circumstances {
  /** Epoch milliseconds, for what tells no time of its own. */
  readonly receivedAt: number;
  /** Names around the recording, such as those of its folders, the nearest last: asked where a webhook's body does not tell its event. */
  readonly hints?: readonly string[];
}

/** A message of the intake queue. `family` is the system or the format that it is from, as people count them. */
export interface RecordedEvent {
  readonly outcome: "event";
  readonly family: string;
  readonly body: string;
}

/** `what` names a thing that is no event, with its article. */
export type Recorded = RecordedEvent | { readonly outcome: "no-event"; readonly what: string };
