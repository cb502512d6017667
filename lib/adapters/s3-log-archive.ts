/** A whole log in its S3 bucket, with every version of its objects. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { LogArchive, StoredObject } from "../core/verify/log-archive.ts";
import { s3LogSource } from "./s3-log-source.ts";

interface Version {
  readonly key: string;
  /** Undefined for a delete marker. */
  readonly id: string | undefined;
  readonly bytes: number;
  readonly isLatest: boolean;
}

/** Takes s3:ListBucketVersions and s3:GetObjectVersion besides what reading takes. */
export function s3LogArchive(options: { readonly client: S3Client; readonly bucket: string }): LogArchive {
  const { client, bucket } = options;

  async function* versionsOf(prefix: string): AsyncGenerator<Version> {
    let place: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> | undefined = {};
    while (place !== undefined) {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = place;
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, KeyMarker, VersionIdMarker }),
      );
      yield* versionsInOrder(page);
      place = page.IsTruncated === true ? page : undefined;
    }
  }

  return {
    ...s3LogSource(options),
    async *list(prefix) {
      let open: StoredObject | undefined;
      for await (const version of versionsOf(prefix)) {
        if (open !== undefined && open.path !== version.key) {
          yield open;
          open = undefined;
        }
        open = withVersion(open, version);
      }
      if (open !== undefined) yield open;
    },
    async *history(path) {
      // S3 lists the newest first: the ids are kept, some 100 bytes a version, and the objects are not.
      const ids: string[] = [];
      for await (const { key, id } of versionsOf(path)) {
        if (key !== path) break;
        if (id !== undefined) ids.push(id);
      }
      for (const VersionId of ids.reverse()) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: path, VersionId }));
        if (Body !== undefined) yield await Body.transformToByteArray();
      }
    },
  };
}

function withVersion(object: StoredObject | undefined, { key, id, bytes, isLatest }: Version): StoredObject {
  const known = object ?? { path: key, bytes: 0, versions: 0, isDeleted: false };
  if (id === undefined) return { ...known, isDeleted: known.isDeleted || isLatest };
  return { ...known, bytes: isLatest ? bytes : known.bytes, versions: known.versions + 1 };
}

/** A page has versions and delete markers apart, each by key and newest first. */
function versionsInOrder({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): Version[] {
  const stored = Versions.map(({ Key = "", VersionId, Size = 0, IsLatest = false }) => ({
    key: Key,
    id: VersionId,
    bytes: Size,
    isLatest: IsLatest,
  }));
  const deleted = DeleteMarkers.map(({ Key = "", IsLatest = false }) => ({
    key: Key,
    id: undefined,
    bytes: 0,
    isLatest: IsLatest,
  }));
  if (deleted.length === 0) return stored;
  // The sort is stable: versions of one key stay in their order.
  return [...stored, ...deleted].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}
