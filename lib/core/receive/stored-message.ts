/** A message too large for the queue: it waits in a store, and the queue carries where it lies (a "claim check"). */
import { hash } from "node:crypto";
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { read } from "../sources/fields.ts";
import { parseJson } from "../sources/json.ts";
import type { MessageStore } from "./message-store.ts";

/**
 * Of a message in the queue itself. SQS takes 1 MiB with the attributes; a message that is put aside gets its reason as one, so 16 KiB are
 * left free.
 */
export const MAX_INLINE_BYTES = (1024 - 16) * 1024;

/** Of a message in the store: the largest webhook in base64, with room to spare, and what recording has the memory for. */
export const MAX_STORED_BYTES = 8 * 1024 * 1024;

/** Senders may write below it and recording may read below it, and nothing else of that bucket. */
const FOLDER = "messages/";

/** Every text of ours that points begins so: what is none need not be parsed to be known as none. */
const PREFIX = '{"v":1,"kind":"stored",';

const Pointer = z
  .object({
    key: z.string(),
    bytes: z.int().min(1).max(MAX_STORED_BYTES, `is more than the ${MAX_STORED_BYTES} bytes that are stored`),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "is no SHA-256 in lower-case hex"),
  })
  // Whoever could name any key could have us read what is not a message.
  .refine(({ key, sha256 }) => key === `${FOLDER}${sha256}`, { path: ["key"], error: `is not ${FOLDER}<sha256>` });
type Pointer = z.infer<typeof Pointer>;

/**
 * The text to send in place of `body`: itself, or a pointer once the store has it.
 *
 * @throws GatebookError `INPUT_INVALID` for a body that is too large even for the store
 */
export async function toQueueText(body: string, store: MessageStore): Promise<string> {
  if (Buffer.byteLength(body) <= MAX_INLINE_BYTES) return body;
  const bytes = Buffer.from(body);
  if (bytes.byteLength > MAX_STORED_BYTES) {
    throw new GatebookError(
      "INPUT_INVALID",
      `a message has ${bytes.byteLength} bytes, and ${MAX_STORED_BYTES} at most can be recorded: split it into several events`,
    );
  }
  const sha256 = hash("sha256", bytes, "hex");
  const pointer: Pointer = { key: `${FOLDER}${sha256}`, bytes: bytes.byteLength, sha256 };
  await store.put(pointer.key, bytes);
  return JSON.stringify({ v: 1, kind: "stored", ...pointer });
}

export function isPointer(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** How much memory the message that this text stands for will take, before it is fetched; nothing for what cannot be fetched. */
export function storedBytes(text: string): number {
  try {
    return isPointer(text) ? readPointer(text).bytes : 0;
  } catch {
    return 0;
  }
}

/**
 * The body that a pointer stands for, byte for byte as it was stored; a text that is no pointer is its own.
 *
 * @throws GatebookError `INPUT_INVALID` for a pointer that is none of ours or leads to nothing, or to something else; other errors are the
 *   store's, and worth another try
 */
export async function fetchBody(text: string, store: MessageStore): Promise<string> {
  if (!isPointer(text)) return text;
  const { key, bytes, sha256 } = readPointer(text);
  const stored = await store.get(key, bytes);
  if (stored === undefined) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the stored message ${key} is not there: it has expired, or was never stored. If its sender still has the event, let it be sent again`,
    );
  }
  if (stored.byteLength !== bytes || hash("sha256", stored, "hex") !== sha256) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the stored message ${key} is not what was stored: find out who wrote to it`,
    );
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(stored);
}

function readPointer(text: string): Pointer {
  return read(Pointer, parseJson(text, "the pointer to a stored message"), "the pointer to a stored message");
}
