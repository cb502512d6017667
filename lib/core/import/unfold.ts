/** A file's bytes as they were before gzip, bounded in what they may unfold to. */
import { createGunzip, type Gunzip } from "node:zlib";
import { GatebookError } from "../errors.ts";

const MIB = 1024 * 1024;

/** Of one file, unfolded. CloudTrail's are hardly ever over 50 MiB. */
const MAX_UNFOLDED_BYTES = 1024 * MIB;
/** Log records shrink to a tenth or a thirtieth; gzip's limit is 1,032. */
export const MAX_RATIO = 250;
/** A small file of one record repeated may shrink to anything. */
const RATIO_FROM_BYTES = 32 * MIB;

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Passes plain bytes on and unfolds gzip, by the file's first two bytes and whatever its name says. Never holds more than a few chunks.
 *
 * @throws GatebookError `INPUT_INVALID` for damaged gzip and for a file that unfolds beyond its limits; what `chunks` throws, as it is
 */
export async function* unfold(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const beginning = await readBeginning(iterator);
  const all = resume(beginning, iterator);
  const isGzip = GZIP_MAGIC.every((byte, i) => beginning[i] === byte);
  let bytes = 0;
  for await (const chunk of isGzip ? gunzip(all) : all) {
    bytes += chunk.byteLength;
    if (bytes > MAX_UNFOLDED_BYTES) throw tooLarge(`more than ${MAX_UNFOLDED_BYTES} bytes`);
    yield chunk;
  }
}

async function readBeginning(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array();
  while (beginning.byteLength < GZIP_MAGIC.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    beginning = beginning.byteLength === 0 ? next.value : Buffer.concat([beginning, next.value]);
  }
  return beginning;
}

async function* resume(beginning: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield beginning;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    // Whoever stops half-way lets go of the connection.
    await iterator.return?.();
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflater = createGunzip({ chunkSize: 64 * 1024 });
  const feeding = feed(chunks, inflater).catch((cause: Error) => void inflater.destroy(cause));
  let bytes = 0;
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > RATIO_FROM_BYTES && bytes > MAX_RATIO * inflater.bytesWritten) {
        throw tooLarge(`more than ${MAX_RATIO} times its size`);
      }
      yield chunk;
    }
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new GatebookError("INPUT_INVALID", `is damaged gzip (${cause.message}): upload it again`, { cause });
  } finally {
    inflater.destroy();
    await feeding;
  }
}

/** One chunk at a time: the next is read when the inflater has room, which it has when its reader took what was unfolded. */
async function feed(chunks: AsyncIterable<Uint8Array>, inflater: Gunzip): Promise<void> {
  for await (const chunk of chunks) {
    await write(chunk, inflater);
    if (inflater.destroyed) return;
  }
  inflater.end();
}

/** Resolves at the end of the inflater, too: a write that it dies of is never called back. */
async function write(chunk: Uint8Array, inflater: Gunzip): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    inflater.once("close", resolve);
    inflater.write(chunk, (error) => {
      inflater.off("close", resolve);
      if (error) reject(error);
      else resolve();
    });
  });
}

function isZlibError(cause: unknown): cause is Error {
  return cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_");
}

function tooLarge(what: string): GatebookError {
  return new GatebookError(
    "INPUT_INVALID",
    `unfolds to ${what}, which no log file does: look who wrote it, and split it if it is good`,
  );
}
