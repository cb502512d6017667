/** The newest tiles and entries in the evidence bucket, whose short lock becomes the lock of the whole retention. */
import {
  GetObjectRetentionCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type LockMode, SEALED_TAG } from "../core/evidence/partial-lock.ts";
import type { TailStore } from "../core/evidence/seal-tail.ts";

export function s3TailStore(options: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly mode: LockMode;
  readonly retentionMs: number;
}): TailStore {
  const { client, bucket, mode, retentionMs } = options;

  async function lengthen(
    at: { Bucket: string; Key: string; VersionId: string | undefined },
    written: Date,
  ): Promise<void> {
    const { Retention } = await client.send(new GetObjectRetentionCommand(at));
    const until = new Date(written.getTime() + retentionMs);
    if ((Retention?.RetainUntilDate ?? 0) >= until) return;
    // A lock of another mode is from before the mode was changed, and cannot be exchanged: the bucket's policy alone keeps the object then.
    if (Retention?.Mode !== undefined && Retention.Mode !== mode) return;
    await client.send(new PutObjectRetentionCommand({ ...at, Retention: { Mode: mode, RetainUntilDate: until } }));
  }

  return {
    async seal(path) {
      const at = { Bucket: bucket, Key: path };
      try {
        const { VersionId, LastModified = new Date(0) } = await client.send(new HeadObjectCommand(at));
        // First, since the lock says that this is done: from here on no lifecycle rule means the object any more.
        await client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [SEALED_TAG] } }));
        await lengthen({ ...at, VersionId }, LastModified);
        return "sealed";
      } catch (cause) {
        if (cause instanceof NotFound) return "missing";
        throw cause;
      }
    },
  };
}
