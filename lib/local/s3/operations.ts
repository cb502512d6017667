/** Every operation that the local S3 carries out. What is not in this table is answered with NotImplemented. */
import { deleteDocument, getDocument, putDocument } from "./bucket-documents.ts";
import * as buckets from "./bucket-operations.ts";
import { deleteObject, deleteObjects } from "./delete-object.ts";
import { getObject } from "./get-object.ts";
import { listObjects } from "./list-objects.ts";
import { listVersions } from "./list-versions.ts";
import * as properties from "./object-properties.ts";
import type { Operation } from "./operation.ts";
import { copyObject, putObject } from "./put-object.ts";

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ListBuckets: buckets.listBuckets,
    CreateBucket: buckets.createBucket,
    HeadBucket: buckets.headBucket,
    DeleteBucket: buckets.deleteBucket,
    GetBucketLocation: buckets.getLocation,
    GetBucketVersioning: buckets.getVersioning,
    PutBucketVersioning: buckets.putVersioning,
    GetObjectLockConfiguration: buckets.getObjectLock,
    PutObjectLockConfiguration: buckets.putObjectLock,
    GetBucketPolicy: getDocument("policy"),
    PutBucketPolicy: putDocument("policy"),
    DeleteBucketPolicy: deleteDocument("policy"),
    GetBucketEncryption: getDocument("encryption"),
    PutBucketEncryption: putDocument("encryption"),
    DeleteBucketEncryption: deleteDocument("encryption"),
    GetPublicAccessBlock: getDocument("publicAccessBlock"),
    PutPublicAccessBlock: putDocument("publicAccessBlock"),
    DeletePublicAccessBlock: deleteDocument("publicAccessBlock"),
    GetBucketOwnershipControls: getDocument("ownershipControls"),
    PutBucketOwnershipControls: putDocument("ownershipControls"),
    DeleteBucketOwnershipControls: deleteDocument("ownershipControls"),
    GetBucketLifecycleConfiguration: getDocument("lifecycle"),
    PutBucketLifecycleConfiguration: putDocument("lifecycle"),
    DeleteBucketLifecycle: deleteDocument("lifecycle"),
    GetBucketNotificationConfiguration: getDocument("notification"),
    PutBucketNotificationConfiguration: putDocument("notification"),
    ListObjectsV2: listObjects,
    ListObjectVersions: listVersions,
    PutObject: putObject,
    CopyObject: copyObject,
    GetObject: getObject,
    HeadObject: getObject,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    GetObjectRetention: properties.getRetention,
    PutObjectRetention: properties.putRetention,
    GetObjectLegalHold: properties.getLegalHold,
    PutObjectLegalHold: properties.putLegalHold,
    GetObjectTagging: properties.getTagging,
    PutObjectTagging: properties.putTagging,
    DeleteObjectTagging: properties.deleteTagging,
  } satisfies Record<string, Operation>),
);
