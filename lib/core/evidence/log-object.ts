/** An object of the log as it is stored: a tile, an entry bundle or a payload. */

/** What tiles and bundles are served as (https://c2sp.org/tlog-tiles#apis). */
export const OCTET_STREAM = "application/octet-stream";

export interface LogObject {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}
