/** Operations on buckets themselves: their life, place, versioning and Object Lock. */
import { type AwsReply, LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { DOCUMENTS_OF_A_NEW_BUCKET, ownershipDocument } from "./bucket-documents.ts";
import { DefaultRetention } from "./bucket-state.ts";
import { emptyReply, type S3Call, type World, xmlReply } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { allowOnly, childOf, parseXml, textOf, type XmlElement } from "./xml-parse.ts";

/** The name of the turn in which a bucket's own state changes: no key is empty. */
const STATE_TURN = "";
const MAX_DAYS = 36_500;
const MAX_YEARS = 100;

export async function createBucket({ store, now }: World, call: S3Call): Promise<AwsReply> {
  if (call.body.length > 0) {
    const root = parseXml(call.body, "CreateBucketConfiguration");
    allowOnly(root, ["LocationConstraint"]);
    if ((textOf(root, "LocationConstraint") ?? LOCAL_REGION) !== LOCAL_REGION) {
      throw s3Error("IllegalLocationConstraintException", `The local cloud is in ${LOCAL_REGION}`);
    }
  }
  const hasObjectLock = call.headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true";
  const ownership = ownershipDocument(call.headers["x-amz-object-ownership"]);
  await store.create({
    name: call.bucket,
    createdAt: now(),
    documents: { ...DOCUMENTS_OF_A_NEW_BUCKET, ...(ownership && { ownershipControls: ownership }) },
    ...(hasObjectLock && { versioning: "Enabled", objectLock: {} }),
  });
  return emptyReply(200, { location: `/${call.bucket}` });
}

export async function headBucket({ store }: World, call: S3Call): Promise<AwsReply> {
  store.bucket(call.bucket);
  return emptyReply(200, { "x-amz-bucket-region": LOCAL_REGION });
}

export async function deleteBucket({ store }: World, call: S3Call): Promise<AwsReply> {
  await store.remove(call.bucket);
  return emptyReply(204);
}

export async function listBuckets({ store }: World, call: S3Call): Promise<AwsReply> {
  const prefix = call.query.get("prefix") ?? "";
  const buckets = [...store.buckets.values()]
    .filter(({ state }) => state.name.startsWith(prefix))
    .toSorted((left, right) => (left.state.name < right.state.name ? -1 : 1));
  return xmlReply("ListAllMyBucketsResult", {
    Owner: { ID: LOCAL_ACCOUNT },
    Buckets: {
      Bucket: buckets.map(({ state }) => ({
        Name: state.name,
        CreationDate: new Date(state.createdAt).toISOString(),
        BucketRegion: LOCAL_REGION,
      })),
    },
  });
}

export async function getLocation({ store }: World, call: S3Call): Promise<AwsReply> {
  store.bucket(call.bucket);
  const reply = xmlReply("LocationConstraint", {});
  return {
    ...reply,
    body: String(reply.body).replace("></LocationConstraint>", `>${LOCAL_REGION}</LocationConstraint>`),
  };
}

export async function putVersioning({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const root = parseXml(call.body, "VersioningConfiguration");
  allowOnly(root, ["Status", "MfaDelete"]);
  const status = textOf(root, "Status");
  if (status !== "Enabled" && status !== "Suspended") {
    throw s3Error("MalformedXML");
  }
  if ((textOf(root, "MfaDelete") ?? "Disabled") !== "Disabled") {
    throw s3Error("NotImplemented", "The local S3 does not implement MfaDelete");
  }
  await bucket.turns.take(STATE_TURN, async () => {
    if (status === "Suspended" && bucket.state.objectLock !== undefined) {
      throw s3Error(
        "InvalidBucketState",
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
      );
    }
    await bucket.changeState({ versioning: status });
  });
  return emptyReply(200);
}

export async function getVersioning({ store }: World, call: S3Call): Promise<AwsReply> {
  return xmlReply("VersioningConfiguration", { Status: store.bucket(call.bucket).state.versioning });
}

export async function putObjectLock({ store }: World, call: S3Call): Promise<AwsReply> {
  const bucket = store.bucket(call.bucket);
  const root = parseXml(call.body, "ObjectLockConfiguration");
  allowOnly(root, ["ObjectLockEnabled", "Rule"]);
  if (textOf(root, "ObjectLockEnabled") !== "Enabled") {
    throw s3Error("MalformedXML");
  }
  const rule = childOf(root, "Rule");
  const objectLock = rule === undefined ? {} : { defaultRetention: parseDefaultRetention(rule) };
  await bucket.turns.take(STATE_TURN, async () => {
    if (bucket.state.versioning !== "Enabled") {
      throw s3Error(
        "InvalidBucketState",
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      );
    }
    await bucket.changeState({ objectLock });
  });
  return emptyReply(200);
}

export async function getObjectLock({ store }: World, call: S3Call): Promise<AwsReply> {
  const { objectLock } = store.bucket(call.bucket).state;
  if (objectLock === undefined) {
    throw s3Error("ObjectLockConfigurationNotFoundError");
  }
  const rule = objectLock.defaultRetention;
  return xmlReply("ObjectLockConfiguration", {
    ObjectLockEnabled: "Enabled",
    Rule: rule && { DefaultRetention: { Mode: rule.mode, [rule.unit]: rule.period } },
  });
}

function parseDefaultRetention(rule: XmlElement): DefaultRetention {
  allowOnly(rule, ["DefaultRetention"]);
  const element = childOf(rule, "DefaultRetention");
  const days = textOf(element, "Days");
  const years = textOf(element, "Years");
  const unit = years === undefined ? "Days" : "Years";
  const parsed = DefaultRetention.safeParse({ mode: textOf(element, "Mode"), period: Number(days ?? years), unit });
  if (!parsed.success || (days !== undefined && years !== undefined)) {
    throw s3Error("MalformedXML");
  }
  if (parsed.data.period > (unit === "Days" ? MAX_DAYS : MAX_YEARS)) {
    throw s3Error("InvalidArgument", "Default retention period is too large");
  }
  return parsed.data;
}
