/** Reading a log, wherever it lies: a bucket, a folder, another server. */

/**
 * The log's objects by their path (https://c2sp.org/tlog-tiles): `tile/…`, `payload/…`, `checkpoint`.
 *
 * Resolves with the bytes that were stored, or with undefined where there is no such object. It says nothing about whether they are the right
 * ones: whoever reads checks that.
 */
export interface LogSource {
  read(path: string): Promise<Uint8Array | undefined>;
}
