/** Puts objects without end and prints each key once it is answered, until the process is killed. Takes the directory as its argument. */
import { s3Service } from "../../../lib/local/s3/service.ts";
import { callOf } from "./s3-call.ts";

/** This file, for a test to run as a program. */
export const PUT_FOREVER = import.meta.filename;
const KEYS_APART = 3;

if (process.argv[1] === PUT_FOREVER) {
  await putForever(process.argv[2] ?? "");
}

async function putForever(directory: string): Promise<void> {
  const service = await s3Service({ directory, now: Date.now });
  await service.handle(callOf("PUT", "/crash"), "CreateBucket");
  console.log("ready");
  // Several at once, so that a kill meets writes in every state.
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let count = 0; ; count++) {
      // Most puts overwrite, which in a bucket without versions removes what was there.
      const key = `${writer}-${count - (count % KEYS_APART)}`;
      await service.handle(callOf("PUT", `/crash/${key}`, `${key}:`.repeat(2000)), "PutObject");
      console.log(key);
    }
  });
  await Promise.all(writers);
}
