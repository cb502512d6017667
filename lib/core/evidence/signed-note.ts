/** Signed notes: text and signatures in one file of text (https://c2sp.org/signed-note#format). */
import { isUtf8 } from "node:buffer";
import { GatebookError } from "../errors.ts";
import { decodeBase64 } from "./canonical-base64.ts";
import { isKeyName } from "./verifier-key.ts";

/** Holds the sixteen post-quantum signatures that a reader has to expect. */
export const MAX_NOTE_BYTES = 256 * 1024;

const MAX_NOTE_SIGNATURES = 100;

const KEY_ID_BYTES = 4;
const NEWLINE = 0x0a;
const SPACE = 0x20;

export interface NoteSignature {
  readonly name: string;
  /** Eight lower-case hex digits. */
  readonly keyId: string;
  /** What comes after the key id; how it is made depends on the key's algorithm. */
  readonly signature: Uint8Array;
}

/** A note as it is written. Nothing of it is trusted before `openNote`. */
export interface SignedNote {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** @throws INPUT_INVALID for what could not be read back as it is */
export function formatNote({ text, signatures }: SignedNote): Buffer {
  const note = `${text}\n${signatures.map(formatSignatureLine).join("")}`;
  const bytes = Buffer.from(note);
  const readBack = parseNote(bytes);
  if (readBack.text !== text || readBack.signatures.length !== signatures.length) {
    throw malformed("cannot be written: its text must end in a newline, its signatures fill one line each");
  }
  return bytes;
}

/** A witness answers with lines like these. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${Buffer.concat([Buffer.from(keyId, "hex"), signature]).toString("base64")}\n`;
}

/** @throws INPUT_INVALID */
export function parseNote(bytes: Uint8Array): SignedNote {
  if (bytes.byteLength > MAX_NOTE_BYTES) throw malformed(`has ${bytes.byteLength} bytes, ${MAX_NOTE_BYTES} at most`);
  if (!isUtf8(bytes)) throw malformed("is not UTF-8");
  if (bytes.some((byte) => byte < SPACE && byte !== NEWLINE)) throw malformed("has control characters in it");
  const note = Buffer.from(bytes).toString("utf8");

  // The text may hold empty lines itself: the last one separates.
  const end = note.lastIndexOf("\n\n");
  if (end === -1) throw malformed("has no empty line between text and signatures");
  const lines = note.slice(end + 2).split("\n");
  if (lines.pop() !== "") throw malformed("does not end in a newline");
  if (lines.length === 0) throw malformed("has no signature");
  if (lines.length > MAX_NOTE_SIGNATURES) {
    throw malformed(`has ${lines.length} signatures, ${MAX_NOTE_SIGNATURES} at most`);
  }
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string, i: number): NoteSignature {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded ?? "");
  if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.byteLength <= KEY_ID_BYTES) {
    throw malformed(`has no signature in its signature line ${i + 1}: a dash (U+2014), a key name and base64`);
  }
  return {
    name,
    keyId: bytes.toString("hex", 0, KEY_ID_BYTES),
    signature: Uint8Array.from(bytes.subarray(KEY_ID_BYTES)),
  };
}

function malformed(reason: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `the signed note ${reason}`);
}
