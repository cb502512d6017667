/** Where messages lie that are too large for the queue. */

/**
 * Keeps message bodies under names made of their content, outside of the evidence.
 *
 * A body is durable once `put` resolves, and to put it again changes nothing. It stays for longer than its pointer can wait: two queue
 * retentions, since whoever moves a message between queues gives it a new one.
 */
export interface MessageStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * @returns undefined when nothing is there
   * @throws GatebookError `INPUT_INVALID` for an object of more than `maxBytes`, which is not read; any other error is worth another try
   */
  get(key: string, maxBytes: number): Promise<Uint8Array | undefined>;
}
