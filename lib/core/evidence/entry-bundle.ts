/** Entry bundles: up to 256 entries in one object, each after its length (https://c2sp.org/tlog-tiles#log-entries). */
import { GatebookError } from "../errors.ts";
import { TILE_WIDTH } from "./tile-path.ts";

/** What a big-endian uint16 can say. */
const MAX_BUNDLED_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/** @throws LOG_CORRUPT when the bytes end inside an entry, or hold more entries than a bundle may */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.byteLength) {
    if (offset + LENGTH_BYTES > bytes.byteLength) throw cutShort(entries.length);
    const end = offset + LENGTH_BYTES + view.getUint16(offset);
    if (end > bytes.byteLength) throw cutShort(entries.length);
    entries.push(bytes.subarray(offset + LENGTH_BYTES, end));
    offset = end;
  }
  if (entries.length > TILE_WIDTH) {
    throw new GatebookError("LOG_CORRUPT", `an entry bundle holds ${entries.length} entries, ${TILE_WIDTH} at most`);
  }
  return entries;
}

function lengthOf(entry: Uint8Array): Buffer {
  if (entry.byteLength > MAX_BUNDLED_ENTRY_BYTES) {
    throw new GatebookError(
      "INPUT_INVALID",
      `an entry of ${entry.byteLength} bytes does not fit the log: keep what is over ${MAX_BUNDLED_ENTRY_BYTES} bytes as a payload of its own`,
    );
  }
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt16BE(entry.byteLength);
  return length;
}

function cutShort(entry: number): GatebookError {
  return new GatebookError("LOG_CORRUPT", `an entry bundle ends inside its entry ${entry}`);
}
