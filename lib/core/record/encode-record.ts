/** An audit record as the bytes that are the evidence. */
import { hash } from "node:crypto";
import type { AuditRecord } from "./audit-record.ts";
import { clip } from "./clip.ts";
import type { IndexEntry } from "./index-entry.ts";
import { withRemainder } from "./index-form.ts";

/** Of an entry of the log (C2SP bundles hold 65,535), with room to spare. */
export const MAX_RECORD_BYTES = 60_000;

/** Tried in turn on a record that is too large even without its raw data: the longest string and the most items to a list. */
const CLIPS = [
  { characters: 4_096, items: 200 },
  { characters: 1_024, items: 50 },
  { characters: 256, items: 10 },
  { characters: 64, items: 4 },
];

export interface EncodedRecord {
  readonly bytes: Uint8Array;
  /** The record's `raw_data`, where it has to lie in an object of its own. */
  readonly payload?: { readonly sha256: string; readonly bytes: Uint8Array };
}

/**
 * Nothing is lost of a large record: its whole (redacted) original is the payload, which the entry names by its hash.
 *
 * @param entry what the index will say of the record: what of it does not follow from the bytes goes into them
 */
export function encodeRecord(record: AuditRecord, entry: IndexEntry): EncodedRecord {
  const whole = encode(withRemainder(record, entry));
  if (whole.length <= MAX_RECORD_BYTES) return { bytes: whole };
  const { raw_data: raw, ...event } = record.event;
  if (raw === undefined) return { bytes: whole };

  const bytes = encode(raw);
  const sha256 = hash("sha256", bytes, "hex");
  const slim = { ...record, event, payload: { sha256, bytes: bytes.length } };
  return { bytes: encodeClipped(slim, entry, whole.length), payload: { sha256, bytes } };
}

function encodeClipped(record: AuditRecord, entry: IndexEntry, untruncatedSize: number): Uint8Array {
  const slim = encode(withRemainder(record, entry));
  if (slim.length <= MAX_RECORD_BYTES) return slim;
  const { metadata } = record.event;
  const marked = {
    ...record,
    event: { ...record.event, metadata: { ...metadata, is_truncated: true, untruncated_size: untruncatedSize } },
  };
  for (const bounds of CLIPS) {
    const clipped = encode(withRemainder(clip(marked, bounds), entry));
    if (clipped.length <= MAX_RECORD_BYTES) return clipped;
  }
  // The last bounds leave at most a few hundred short strings, unless the record has a great many keys of its own.
  const { unmapped: _, ...rest } = marked.event;
  return encode(withRemainder(clip({ ...marked, event: rest }, { characters: 64, items: 4 }), entry));
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}
