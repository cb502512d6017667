/** Legal holds on the versions in the evidence bucket. */
import {
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  PutObjectLegalHoldCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { ObjectHolds } from "../core/holds/object-holds.ts";

interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** Takes s3:ListBucketVersions, s3:PutObjectLegalHold and s3:GetObjectLegalHold. */
export function s3LegalHold({ client, bucket }: Bucket): ObjectHolds {
  return {
    async versions(path) {
      const ids: string[] = [];
      let place: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> | undefined = {};
      while (place !== undefined) {
        const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = place;
        const page: ListObjectVersionsCommandOutput = await client.send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: path, KeyMarker, VersionIdMarker }),
        );
        const { Versions = [], DeleteMarkers = [] } = page;
        for (const { Key, VersionId } of Versions) if (Key === path && VersionId !== undefined) ids.push(VersionId);
        // A path sorts before those that it begins: once another comes, it is through.
        const isThrough = [...Versions, ...DeleteMarkers].some(({ Key }) => Key !== path);
        place = page.IsTruncated === true && !isThrough ? page : undefined;
      }
      return ids;
    },
    async isHeld({ path, version }) {
      try {
        const at = { Bucket: bucket, Key: path, VersionId: version };
        const { LegalHold } = await client.send(new GetObjectLegalHoldCommand(at));
        return LegalHold?.Status === "ON";
      } catch (cause) {
        // What never had one says so with an error.
        if (cause instanceof S3ServiceException && cause.name === "NoSuchObjectLockConfiguration") return false;
        throw cause;
      }
    },
    async set({ path, version }, status) {
      const LegalHold = { Status: status === "held" ? "ON" : "OFF" } as const;
      await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: path, VersionId: version, LegalHold }));
    },
  };
}

export interface NewestObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** @returns undefined where there is no such object, or the bucket keeps no versions */
export async function s3NewestVersion({ client, bucket }: Bucket, path: string): Promise<NewestObject | undefined> {
  try {
    const { Body, VersionId } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: path }));
    const bytes = await Body?.transformToByteArray();
    return bytes === undefined || VersionId === undefined ? undefined : { bytes, version: VersionId };
  } catch (cause) {
    if (cause instanceof NoSuchKey) return undefined;
    throw cause;
  }
}
