/** ListObjectVersions (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html). */
import { type AwsReply, LOCAL_ACCOUNT } from "../aws-service.ts";
import type { BucketIndex } from "./bucket-index.ts";
import { type ListQuery, type Place, parseListQuery, takePage, walk } from "./listing.ts";
import { type S3Call, type World, xmlReply } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { etagOf, type Version, versionIdOf } from "./version.ts";
import type { XmlMembers } from "./xml-render.ts";

type Item = { readonly version: Version; readonly isLatest: boolean } | { readonly commonPrefix: string };

interface Marker {
  readonly key: string;
  readonly versionId: string | undefined;
}

export async function listVersions({ store }: World, call: S3Call): Promise<AwsReply> {
  const { index } = store.bucket(call.bucket);
  const query = parseListQuery(call);
  const { encode } = query;
  const marker = parseMarker(call);
  const { page, isTruncated } = takePage(itemsOf(index, query, marker), query.maxKeys);
  const versions = page.flatMap((item) => ("version" in item ? item : []));
  return xmlReply("ListVersionsResult", {
    Name: call.bucket,
    Prefix: encode(query.prefix),
    Delimiter: query.delimiter === "" ? undefined : encode(query.delimiter),
    KeyMarker: encode(marker?.key ?? ""),
    VersionIdMarker: marker?.versionId ?? "",
    MaxKeys: query.maxKeys,
    EncodingType: query.isEncoded ? "url" : undefined,
    IsTruncated: isTruncated,
    ...(isTruncated && markerAfter(page.at(-1), encode)),
    Version: versions.filter(({ version }) => !version.isDeleteMarker).map((item) => describe(item, encode)),
    DeleteMarker: versions.filter(({ version }) => version.isDeleteMarker).map((item) => describe(item, encode)),
    CommonPrefixes: page.flatMap((item) => ("commonPrefix" in item ? { Prefix: encode(item.commonPrefix) } : [])),
  });
}

function* itemsOf(index: BucketIndex, query: ListQuery, marker: Marker | undefined): Generator<Item> {
  for (const step of walk(index, query, placeOf(query, marker))) {
    if ("commonPrefix" in step) {
      yield { commonPrefix: step.commonPrefix };
      continue;
    }
    const versions = index.versionsOf(step.key);
    const latest = versions[0];
    for (const version of step.key === marker?.key ? versionsAfter(versions, marker.versionId) : versions) {
      yield { version, isLatest: version === latest };
    }
  }
}

function placeOf({ prefix, delimiter }: ListQuery, marker: Marker | undefined): Place | undefined {
  if (marker === undefined) {
    return undefined;
  }
  const { key, versionId } = marker;
  if (versionId !== undefined) {
    return { at: key };
  }
  const isCommonPrefix = delimiter !== "" && key.indexOf(delimiter, prefix.length) === key.length - delimiter.length;
  return isCommonPrefix && key.startsWith(prefix) ? { afterPrefix: key } : { after: key };
}

/** The marked version may be gone: who empties a bucket deletes each page before asking for the next. Its id still tells its place. */
function versionsAfter(versions: readonly Version[], versionId: string | undefined): readonly Version[] {
  if (versionId === "null") {
    return versions.slice(versions.findIndex((version) => version.isNull) + 1);
  }
  return versionId === undefined ? [] : versions.filter((version) => version.id < versionId);
}

function describe({ version, isLatest }: Extract<Item, { version: Version }>, encode: ListQuery["encode"]): XmlMembers {
  const common = {
    Key: encode(version.key),
    VersionId: versionIdOf(version),
    IsLatest: isLatest,
    LastModified: new Date(version.lastModified).toISOString(),
    Owner: { ID: LOCAL_ACCOUNT },
  };
  return version.isDeleteMarker
    ? common
    : { ...common, ETag: etagOf(version), Size: version.size, StorageClass: version.storageClass };
}

function markerAfter(last: Item | undefined, encode: ListQuery["encode"]): XmlMembers {
  if (last === undefined) {
    return {};
  }
  return "version" in last
    ? { NextKeyMarker: encode(last.version.key), NextVersionIdMarker: versionIdOf(last.version) }
    : { NextKeyMarker: encode(last.commonPrefix) };
}

function parseMarker({ query }: S3Call): Marker | undefined {
  const key = query.get("key-marker") || undefined;
  const versionId = query.get("version-id-marker") || undefined;
  if (key === undefined && versionId !== undefined) {
    throw s3Error("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  }
  return key === undefined ? undefined : { key, versionId };
}
