/** Evidence in an S3 bucket under Object Lock: each object is created once; the bucket's default retention holds all but partials. */
import { setTimeout as wait } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { GatebookError } from "../core/errors.ts";
import type { EvidenceStore } from "../core/evidence/evidence-store.ts";
import { type LockMode, PARTIAL_LOCK_MS, PARTIAL_TAG } from "../core/evidence/partial-lock.ts";
import { isPartialPath } from "../core/evidence/tile-path.ts";

const MAX_TRIES = 6;
const FIRST_DELAY_MS = 50;

/** Tiles, bundles and payloads never change (https://c2sp.org/tlog-tiles#apis). */
const CACHE_CONTROL = "max-age=604800, immutable";

export function s3EvidenceStore(options: {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of the short lock that partials get. */
  readonly mode: LockMode;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): EvidenceStore {
  const { client, bucket, mode, now } = options;

  const shortLock = () => ({
    ObjectLockMode: mode,
    ObjectLockRetainUntilDate: new Date(now() + PARTIAL_LOCK_MS),
    Tagging: `${PARTIAL_TAG.Key}=${PARTIAL_TAG.Value}`,
  });

  async function isStored(path: string, bytes: Uint8Array): Promise<boolean> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: path }));
    const stored = await Body?.transformToByteArray();
    return stored !== undefined && Buffer.from(stored).equals(bytes);
  }

  async function put(path: string, bytes: Uint8Array, contentType: string): Promise<"created" | "exists" | "busy"> {
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: path,
          Body: bytes,
          ContentType: contentType,
          CacheControl: CACHE_CONTROL,
          ChecksumAlgorithm: "SHA256",
          IfNoneMatch: "*",
          ...(isPartialPath(path) && shortLock()),
        }),
      );
      return "created";
    } catch (cause) {
      return outcomeOf(cause, path, bytes);
    }
  }

  async function outcomeOf(cause: unknown, path: string, bytes: Uint8Array): Promise<"exists" | "busy"> {
    const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
    if (status === 412) return "exists";
    // Another put of the same path is under way.
    if (status === 409) return "busy";
    // A sealed partial must not be marked again, which the bucket's policy may refuse before anybody looks whether it is there.
    const isSealed = status === 403 && isPartialPath(path) && (await isStored(path, bytes).catch(() => false));
    if (isSealed) return "exists";
    throw cause;
  }

  return {
    async create(path, bytes, contentType) {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        if (tries > 0) await wait(FIRST_DELAY_MS * 2 ** tries);
        const outcome = await put(path, bytes, contentType);
        if (outcome === "created") return;
        if (outcome === "busy") continue;
        if (await isStored(path, bytes)) return;
        throw new GatebookError(
          "LOG_CORRUPT",
          `s3://${bucket}/${path} holds other bytes than the log calls for: stop the writers and compare its versions`,
        );
      }
      throw new GatebookError("UNAVAILABLE", `s3://${bucket}/${path} was busy ${MAX_TRIES} times`);
    },
  };
}
