/** DeleteObject and DeleteObjects: a marker on top of the versions, or one version gone for good unless it is locked. */
import { AwsError, type AwsReply } from "../aws-service.ts";
import { checkAddress } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import { assertWriteConditions } from "./conditions.ts";
import { assertDeletable } from "./object-lock.ts";
import { bypassesGovernance, emptyReply, type S3Call, versionById, type World, xmlReply } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { deleteMarkerOf, type Version, versionIdOf } from "./version.ts";
import { allowOnly, childrenOf, parseXml, textOf } from "./xml-parse.ts";
import type { XmlMembers } from "./xml-render.ts";

/** What to delete: a version, or what the key means now. */
export interface Target {
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Delete only while the newest version has this ETag. */
  readonly etag?: string | undefined;
}

const MAX_TARGETS = 1000;
const NO_BODY = Buffer.alloc(0);

export async function deleteObject(world: World, call: S3Call): Promise<AwsReply> {
  const bucket = world.store.bucket(call.bucket);
  const versionId = call.query.get("versionId") ?? undefined;
  const target = { key: call.key, versionId, etag: call.headers["if-match"] };
  const touched = await deleteTarget(world, call, bucket, target);
  const reported = touched === undefined ? versionId : versionIdOf(touched);
  return emptyReply(204, {
    ...(touched?.isDeleteMarker === true && { "x-amz-delete-marker": "true" }),
    ...(reported !== undefined && bucket.state.versioning !== undefined && { "x-amz-version-id": reported }),
  });
}

export async function deleteObjects(world: World, call: S3Call): Promise<AwsReply> {
  const bucket = world.store.bucket(call.bucket);
  const { targets, isQuiet } = parseTargets(call.body);
  const results = await Promise.all(targets.map((target) => deleteListed(world, call, bucket, target)));
  return xmlReply("DeleteResult", {
    Deleted: isQuiet ? [] : results.flatMap((result) => result.deleted ?? []),
    Error: results.flatMap((result) => result.error ?? []),
  });
}

/** Returns the version or marker that was removed, or the marker that was made. Throws AccessDenied for a locked version. */
async function deleteTarget(
  { now, notify }: World,
  { headers, requestId }: S3Call,
  bucket: Bucket,
  target: Target,
): Promise<Version | undefined> {
  const { key, versionId, etag } = target;
  const makesMarker = versionId === undefined && bucket.state.versioning !== undefined;
  const touched = await bucket.turns.take(key, async () => {
    if (etag !== undefined) {
      assertWriteConditions({ "if-match": etag }, bucket.index.versionsOf(key)[0]);
    }
    if (makesMarker) {
      return bucket.add(deleteMarkerOf(key), NO_BODY, now());
    }
    const version = versionById(bucket, key, versionId ?? "null");
    if (version !== undefined) {
      assertDeletable(version, now(), bypassesGovernance(headers));
      await bucket.remove(version);
    }
    return version;
  });
  if (touched !== undefined) {
    const deletion = makesMarker ? "Delete Marker Created" : "Permanently Deleted";
    await notify(bucket, { reason: "DeleteObject", version: touched, deletion, requestId });
  }
  return touched;
}

/** The body of DeleteObjects. */
export function parseTargets(body: Buffer): { readonly targets: readonly Target[]; readonly isQuiet: boolean } {
  const root = parseXml(body, "Delete");
  allowOnly(root, ["Object", "Quiet"]);
  const targets = childrenOf(root, "Object").map((element) => {
    allowOnly(element, ["Key", "VersionId", "ETag"]);
    const key = textOf(element, "Key") ?? "";
    if (key === "") {
      throw s3Error("MalformedXML");
    }
    return { key, versionId: textOf(element, "VersionId"), etag: textOf(element, "ETag") };
  });
  if (targets.length === 0 || targets.length > MAX_TARGETS) {
    throw s3Error("MalformedXML");
  }
  return { targets, isQuiet: textOf(root, "Quiet") === "true" };
}

async function deleteListed(
  world: World,
  call: S3Call,
  bucket: Bucket,
  target: Target,
): Promise<{ readonly deleted?: XmlMembers; readonly error?: XmlMembers }> {
  const asked = { Key: target.key, VersionId: target.versionId };
  try {
    checkAddress({ bucket: bucket.state.name, key: target.key });
    const touched = await deleteTarget(world, call, bucket, target);
    const marker = touched?.isDeleteMarker === true && {
      DeleteMarker: true,
      DeleteMarkerVersionId: versionIdOf(touched),
    };
    return { deleted: { ...asked, ...marker } };
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    return { error: { ...asked, Code: error.code, Message: error.message } };
  }
}
