/** Where a batch waits between its commit and its objects. */

/**
 * Keeps staged batches under names made of their content.
 *
 * A batch is durable once `put` resolves, and what is read is what was put. The batch of a log's head must stay for as long as the log is
 * not appended to, since the next append starts from it; older ones may be removed after a fortnight.
 */
export interface StagingStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
}
