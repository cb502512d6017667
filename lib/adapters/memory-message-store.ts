/** Message bodies in memory. */
import { GatebookError } from "../core/errors.ts";
import type { MessageStore } from "../core/receive/message-store.ts";

/** @param objects what is stored, by key */
export function memoryMessageStore(objects = new Map<string, Uint8Array>()): MessageStore {
  return {
    async put(key, bytes) {
      objects.set(key, bytes.slice());
    },
    async get(key, maxBytes) {
      const bytes = objects.get(key);
      if (bytes !== undefined && bytes.byteLength > maxBytes) {
        throw new GatebookError("INPUT_INVALID", `${key} has ${bytes.byteLength} bytes, ${maxBytes} were expected`);
      }
      return bytes?.slice();
    },
  };
}
