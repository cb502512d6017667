/** ListObjectsV2 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html). */
import { type AwsReply, LOCAL_ACCOUNT } from "../aws-service.ts";
import type { BucketIndex } from "./bucket-index.ts";
import { type ListQuery, type Place, parseListQuery, takePage, walk } from "./listing.ts";
import { type S3Call, type World, xmlReply } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { etagOf, type Version } from "./version.ts";
import type { XmlMembers } from "./xml-render.ts";

type Item = { readonly version: Version } | { readonly commonPrefix: string };

export async function listObjects({ store }: World, call: S3Call): Promise<AwsReply> {
  const { index } = store.bucket(call.bucket);
  const query = parseListQuery(call);
  const { encode } = query;
  const token = call.query.get("continuation-token");
  const startAfter = call.query.get("start-after");
  const { page, isTruncated } = takePage(itemsOf(index, query, placeOf(token, startAfter)), query.maxKeys);
  const last = page.at(-1);
  const hasOwner = call.query.get("fetch-owner") === "true";
  return xmlReply("ListBucketResult", {
    Name: call.bucket,
    Prefix: encode(query.prefix),
    Delimiter: query.delimiter === "" ? undefined : encode(query.delimiter),
    StartAfter: startAfter === null ? undefined : encode(startAfter),
    MaxKeys: query.maxKeys,
    KeyCount: page.length,
    EncodingType: query.isEncoded ? "url" : undefined,
    IsTruncated: isTruncated,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: isTruncated && last !== undefined ? tokenAfter(last) : undefined,
    Contents: page.flatMap((item) => ("version" in item ? contentsOf(item.version, encode, hasOwner) : [])),
    CommonPrefixes: page.flatMap((item) => ("commonPrefix" in item ? { Prefix: encode(item.commonPrefix) } : [])),
  });
}

function* itemsOf(index: BucketIndex, query: ListQuery, place: Place | undefined): Generator<Item> {
  for (const step of walk(index, query, place)) {
    if ("key" in step) {
      const version = index.versionsOf(step.key)[0];
      if (version?.isDeleteMarker === false) {
        yield { version };
      }
    } else if (hasObject(index, step.from, step.to)) {
      yield { commonPrefix: step.commonPrefix };
    }
  }
}

/** Keys that are deleted but still have versions do not make a common prefix. */
function hasObject(index: BucketIndex, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (index.versionsOf(index.keys[at] ?? "")[0]?.isDeleteMarker === false) {
      return true;
    }
  }
  return false;
}

function contentsOf(version: Version, encode: ListQuery["encode"], hasOwner: boolean): XmlMembers {
  return {
    Key: encode(version.key),
    LastModified: new Date(version.lastModified).toISOString(),
    ETag: etagOf(version),
    ChecksumAlgorithm: version.checksum?.algorithm.toUpperCase(),
    ChecksumType: version.checksum && "FULL_OBJECT",
    Size: version.size,
    Owner: hasOwner ? { ID: LOCAL_ACCOUNT } : undefined,
    StorageClass: version.storageClass,
  };
}

function tokenAfter(item: Item): string {
  const place: Place = "version" in item ? { after: item.version.key } : { afterPrefix: item.commonPrefix };
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function placeOf(token: string | null, startAfter: string | null): Place | undefined {
  if (token === null) {
    return startAfter === null ? undefined : { after: startAfter };
  }
  const { after, afterPrefix } = parseToken(token);
  if (typeof after === "string") {
    return { after };
  }
  return typeof afterPrefix === "string" ? { afterPrefix } : invalidToken();
}

function parseToken(token: string): { readonly after?: unknown; readonly afterPrefix?: unknown } {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8")) ?? {};
  } catch {
    return {};
  }
}

function invalidToken(): never {
  throw s3Error("InvalidArgument", "The continuation token provided is incorrect");
}
