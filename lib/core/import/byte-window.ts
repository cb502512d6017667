/** The last bytes of a stream, addressed by their place in the whole of it. */

/** Of one record: CloudTrail's end at 1 MiB. It bounds what is held in memory, whatever the file's size. */
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;

export type CutText = { readonly text: string } | { readonly problem: string };

export interface ByteWindow {
  /** Bytes that the stream had so far. */
  readonly end: number;
  /** Moves on to the next chunk, keeping what stands from `keepFrom` on, unless that is more than a record may have. */
  add(chunk: Uint8Array, keepFrom: number | undefined): void;
  /** The text between two places, the first of them kept by every `add` since. */
  cut(start: number, end: number): CutText;
}

export function createByteWindow(): ByteWindow {
  let bytes: Buffer = Buffer.alloc(0);
  let from = 0;
  return {
    get end() {
      return from + bytes.byteLength;
    },
    add(chunk, keepFrom) {
      const end = from + bytes.byteLength;
      const wanted = keepFrom === undefined ? 0 : end - keepFrom;
      const kept = wanted > MAX_RECORD_BYTES ? 0 : wanted;
      const next = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      bytes = kept === 0 ? next : Buffer.concat([bytes.subarray(bytes.byteLength - kept), next]);
      from = end - kept;
    },
    cut(start, end) {
      if (end - start > MAX_RECORD_BYTES) {
        return { problem: `has ${end - start} bytes; ${MAX_RECORD_BYTES} is the limit` };
      }
      return { text: bytes.toString("utf8", start - from, end - from) };
    },
  };
}
