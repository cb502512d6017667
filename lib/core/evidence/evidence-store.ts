/** Where tiles, entry bundles and payloads are kept: for the whole retention, or as partials until the log has grown past them. */

/**
 * Write-once storage.
 *
 * `create` never replaces anything. It resolves once the bytes are durable under the path, whether this call put them there or an earlier
 * one. When different bytes are there it rejects with LOG_CORRUPT: two histories claim one position, which no retry can mend.
 */
export interface EvidenceStore {
  create(path: string, bytes: Uint8Array, contentType: string): Promise<void>;
}
