/** When the log had which size, from the versions of its public checkpoint. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from "@aws-sdk/client-s3";
import { parseCheckpoint } from "../core/evidence/checkpoint.ts";
import { parseNote } from "../core/evidence/signed-note.ts";
import type { LogSizeAt } from "../core/record/rebuild-index.ts";

const CHECKPOINT = "checkpoint";

/** One checkpoint to an hour is read: there is one a minute, for years. */
const PRECISION_MS = 60 * 60 * 1000;

/** S3 stamps versions in whole seconds: what was published by the end of one was committed before it. */
const STAMP_MS = 1_000;

export interface StoredLog {
  readonly client: S3Client;
  readonly bucket: string;
  /** Before the paths of the log's objects, where the bucket holds others as well. */
  readonly prefix?: string;
}

/**
 * Signatures are not checked: what is wrong here makes search look at more entries than it has to, or at fewer, and never changes the log.
 *
 * @param since epoch milliseconds: of what is older, the newest alone
 * @returns oldest first; takes s3:ListBucketVersions and s3:GetObjectVersion
 */
export async function s3LogSizes({ client, bucket, prefix = "" }: StoredLog, since: number): Promise<LogSizeAt[]> {
  const key = prefix + CHECKPOINT;
  const kept: ObjectVersion[] = [];
  for await (const version of versionsOf({ client, bucket, key })) {
    const last = kept.at(-1);
    if (last !== undefined && timeOf(last) < since) break;
    if (last === undefined || hourOf(version) !== hourOf(last)) kept.push(version);
  }
  const sizes: LogSizeAt[] = [];
  for (const version of kept.reverse()) {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version.VersionId }),
    );
    const bytes = await Body?.transformToByteArray();
    if (bytes !== undefined)
      sizes.push({ time: timeOf(version) + STAMP_MS, size: parseCheckpoint(parseNote(bytes).text).size });
  }
  return sizes;
}

/** Newest first, as S3 lists them. */
async function* versionsOf({
  client,
  bucket,
  key,
}: Omit<StoredLog, "prefix"> & { readonly key: string }): AsyncGenerator<ObjectVersion> {
  let place: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> | undefined = {};
  while (place !== undefined) {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = place;
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, KeyMarker, VersionIdMarker }),
    );
    yield* (page.Versions ?? []).filter(({ Key }) => Key === key);
    place = page.IsTruncated === true ? page : undefined;
  }
}

function timeOf({ LastModified }: ObjectVersion): number {
  return LastModified?.getTime() ?? 0;
}

function hourOf(version: ObjectVersion): number {
  return Math.floor(timeOf(version) / PRECISION_MS);
}
