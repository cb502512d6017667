/** Recorded events on disk: files and folders, plain or gzip, JSON, JSON lines and CloudTrail's `{ Records: […] }`. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { GatebookError } from "../core/errors.ts";

/** Of one file, after decompression. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Files that are taken up from a folder; a file that is named by itself may be called anything. */
const EVENT_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i;

export interface RecordedEvent {
  /** `FILE:N`, where N counts the records of that file from 0. */
  readonly at: string;
  readonly value: unknown;
  /** Names of the folders that the file lies in and its own without extensions, the nearest last: people name them after what is in them. */
  readonly hints: readonly string[];
}

/** What is no JSON, with where it stands: `FILE:LINE`, lines counted from 1. */
export interface BrokenRecord {
  readonly at: string;
  readonly problem: string;
}

/** Walks folders in the order of their names. @throws GatebookError `INPUT_INVALID` for a path that is not there */
export function* listEventFiles(paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new GatebookError("INPUT_INVALID", `${path}: there is no such file or folder`);
    if (stats.isDirectory()) yield* walk(path);
    else yield path;
  }
}

function* walk(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile() && EVENT_FILE.test(entry.name)) yield path;
  }
}

/** A broken line of JSON lines does not keep the others from being read. One record is held at a time where each has its line. */
export function* readRecordedEvents(file: string): Generator<RecordedEvent | BrokenRecord> {
  let bytes: Buffer;
  try {
    bytes = readBytes(file);
  } catch (cause) {
    yield { at: `${file}:1`, problem: cause instanceof Error ? cause.message : String(cause) };
    return;
  }
  const hints = hintsOf(file);
  let n = 0;
  for (const part of partsOf(bytes)) {
    if ("problem" in part) yield { at: `${file}:${part.line}`, problem: part.problem };
    else for (const value of unwrap(part.value)) yield { at: `${file}:${n++}`, value, hints };
  }
}

function hintsOf(file: string): readonly string[] {
  return file.split(/[\\/]/).map((name) => name.replace(/\..*$/, ""));
}

function readBytes(file: string): Buffer {
  const bytes = readFileSync(file);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  // The limit holds while decompressing: a small file can unfold to any size.
  const plain = isGzip ? unzip(bytes) : bytes;
  if (plain.length > MAX_FILE_BYTES)
    throw new Error(`has ${plain.length} bytes; ${MAX_FILE_BYTES} is the limit: split it`);
  return plain;
}

function unzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot be unpacked (${reason}): it is damaged, or holds more than ${MAX_FILE_BYTES} bytes`, {
      cause,
    });
  }
}

type Parsed = { readonly value: unknown } | { readonly problem: string };

function tryParse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    return { problem: `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

type Part = { readonly line: number } & Parsed;

/**
 * One JSON value, or JSON lines if any line is an object by itself. If none is, the file is broken as a whole, and said once. Lines are looked
 * for first, so that a long file of them is never held as one text.
 */
function* partsOf(bytes: Buffer): Generator<Part> {
  const [first] = linesOf(bytes);
  if (first === undefined || !hasObject(first)) {
    const whole = { line: 1, ...tryParse(decode(bytes)) };
    if ("value" in whole || !someLineHasObject(bytes)) {
      yield whole;
      return;
    }
  }
  yield* linesOf(bytes);
}

function someLineHasObject(bytes: Buffer): boolean {
  for (const line of linesOf(bytes)) if (hasObject(line)) return true;
  return false;
}

function hasObject(part: Part): boolean {
  return "value" in part && isObject(part.value);
}

const NEWLINE = 0x0a;

/** Those that are not empty, counted from 1. */
function* linesOf(bytes: Buffer): Generator<Part> {
  for (let line = 1, from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, from);
    const to = end === -1 ? bytes.length : end;
    const content = decode(bytes.subarray(from, to));
    if (content.trim() !== "") yield { line, ...tryParse(content) };
    from = to + 1;
  }
}

function decode(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}

/** A list of CloudTrail files is the deepest that anybody keeps; hostile nesting goes no further. */
const MAX_NESTING = 3;

/** Lists and CloudTrail files hold many records. */
function unwrap(value: unknown, nesting = MAX_NESTING): readonly unknown[] {
  const members = isObject(value) && Array.isArray(value["Records"]) ? value["Records"] : value;
  if (!Array.isArray(members) || nesting === 0) return [value];
  return members.flatMap((member) => unwrap(member, nesting - 1));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
