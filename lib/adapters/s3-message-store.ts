/** Message bodies in a folder of an S3 bucket without Object Lock. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  NoSuchKey,
  NotFound,
} from "@aws-sdk/client-s3";
import { GatebookError } from "../core/errors.ts";
import type { MessageStore } from "../core/receive/message-store.ts";
import { type S3Bucket, s3Put } from "./s3-put.ts";

/** Reading a key that is not there takes s3:ListBucket on the bucket; without it S3 answers AccessDenied, and so does `get`. */
export function s3MessageStore({ client, bucket }: S3Bucket): MessageStore {
  const sizeOf = async (where: HeadObjectCommandInput): Promise<number> => {
    try {
      return (await client.send(new HeadObjectCommand(where))).ContentLength ?? 0;
    } catch (cause) {
      // Without a body, the answer does not tell a key that is not there from a bucket: the next one does.
      if (cause instanceof NotFound) return 0;
      throw cause;
    }
  };
  return {
    put: s3Put({ client, bucket }, "application/json"),
    async get(key, maxBytes) {
      const where = { Bucket: bucket, Key: key };
      try {
        // Asked for on its own: a response that is given up half way ends, in the SDK, in an error that nobody can catch.
        const size = await sizeOf(where);
        if (size > maxBytes) {
          throw new GatebookError("INPUT_INVALID", `${key} has ${size} bytes, ${maxBytes} were expected`);
        }
        const { Body } = await client.send(new GetObjectCommand(where));
        return await Body?.transformToByteArray();
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
  };
}
