/** The intake queue, as its senders see it. */

/**
 * Resolves with a message id per body, in order, once the queue has every one of them for good. When it rejects, some may be in the queue:
 * send all again, since an event that arrives twice is recorded once.
 */
export interface IntakeQueue {
  send(bodies: readonly string[]): Promise<string[]>;
}
