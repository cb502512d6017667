/** Streams of bytes, as an object of S3 arrives. */

/** In chunks of so many bytes. */
export async function* inChunks(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes);
  for (let i = 0; i < all.length; i += size) yield all.subarray(i, i + size);
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
