/** Witnesses over HTTP (https://c2sp.org/tlog-witness#add-checkpoint). */
import { GatebookError } from "../core/errors.ts";
import type { WitnessClient } from "../core/witness/witness-client.ts";

/** Of one request, from the connection to the answer's last byte. A witness reads and writes one item, and signs. */
const TIMEOUT_MS = 5_000;

/** A cosignature line has some 200 bytes; a witness may answer with those of several keys. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** @param options.timeoutMs for tests, which have no five seconds */
export function httpWitnessClient(options: { readonly timeoutMs?: number } = {}): WitnessClient {
  return {
    async addCheckpoint(url, request) {
      const address = `${url.replace(/\/$/, "")}/add-checkpoint`;
      try {
        const response = await fetch(address, {
          method: "POST",
          headers: { "content-type": "text/plain; charset=utf-8" },
          // A copy: what may be shared memory is not taken as a body.
          body: Uint8Array.from(request),
          signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
          redirect: "error",
        });
        const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
        return { status: response.status, type: type.trim().toLowerCase(), body: await readBounded(response) };
      } catch (cause) {
        if (cause instanceof GatebookError) throw cause;
        throw new GatebookError("UNAVAILABLE", `${address} did not answer: ${wordsOf(cause)}`, { cause });
      }
    },
  };
}

async function readBounded({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch says "fetch failed", and why in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
