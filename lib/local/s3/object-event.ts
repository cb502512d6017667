/** What S3 tells EventBridge of an object that came or went (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). */
import { LOCAL_ACCOUNT } from "../aws-service.ts";
import type { ServiceEvent } from "../services/event-bridge/event.ts";
import { bucketArn } from "./address.ts";
import type { BucketState } from "./bucket-state.ts";
import { type Version, versionIdOf } from "./version.ts";

/** One change of a bucket's objects, by a request or by a lifecycle rule. */
export type ObjectChange =
  | { readonly reason: "PutObject" | "CopyObject"; readonly version: Version; readonly requestId: string }
  | {
      readonly reason: "DeleteObject" | "Lifecycle Expiration";
      /** The version or marker that is gone, or the marker that was made. */
      readonly version: Version;
      readonly deletion: "Permanently Deleted" | "Delete Marker Created";
      readonly requestId: string;
    };

export interface Occurrence {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of two events of one key, the one with the greater sequencer came later. */
  readonly sequencer: string;
}

const SEQUENCER_DIGITS = 16;
/** The MD5 of no bytes: a delete marker has them. */
const ETAG_OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";

export function objectEvent(bucket: BucketState, change: ObjectChange, { at, sequencer }: Occurrence): ServiceEvent {
  const { reason, version, requestId } = change;
  const isDeletion = "deletion" in change;
  const byRule = reason === "Lifecycle Expiration";
  return {
    source: "aws.s3",
    detailType: isDeletion ? "Object Deleted" : "Object Created",
    at,
    resources: [bucketArn(bucket.name)],
    detail: {
      version: "0",
      "event-version": "1.0",
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(!isDeletion && { size: version.size }),
        etag: version.md5 === "" ? ETAG_OF_NOTHING : version.md5,
        ...(bucket.versioning !== undefined && { "version-id": versionIdOf(version) }),
        sequencer,
      },
      "request-id": requestId,
      requester: byRule ? "s3.amazonaws.com" : LOCAL_ACCOUNT,
      ...(!byRule && { "source-ip-address": "127.0.0.1" }),
      reason,
      ...(isDeletion && { "deletion-type": change.deletion }),
    },
  };
}

/** Hexadecimal numbers of one length, each greater than the one before, and than those before a restart as long as the clock goes forward. */
export function sequencers(now: () => number): () => string {
  const perMillisecond = 1_000;
  let last = 0;
  return () => {
    last = Math.max(last + 1, now() * perMillisecond);
    return last.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, "0");
  };
}
