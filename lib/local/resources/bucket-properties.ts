/** The properties of AWS::S3::Bucket, whose lifecycle rules S3's own API spells otherwise. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import * as z from "zod";
import { Count, Flag, notServed } from "./resource-type.ts";

const RuleSchema = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(["Enabled", "Disabled"]),
  Prefix: z.string().optional(),
  TagFilters: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  ExpirationInDays: Count.optional(),
  ExpiredObjectDeleteMarker: Flag.optional(),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: Count, NewerNoncurrentVersions: Count.optional() })
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: Count }).optional(),
  Transitions: z.unknown().optional(),
});

const NOTIFY_EVENT_BRIDGE = "set EventBridgeConfiguration and make a rule for the source aws.s3";

export const bucketProperties = z.object({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.object({ Status: z.enum(["Enabled", "Suspended"]) }).optional(),
  ObjectLockEnabled: Flag.default(false),
  ObjectLockConfiguration: z
    .object({
      ObjectLockEnabled: z.literal("Enabled"),
      Rule: z
        .object({
          DefaultRetention: z.object({
            Mode: z.enum(["COMPLIANCE", "GOVERNANCE"]),
            Days: Count.optional(),
            Years: Count.optional(),
          }),
        })
        .optional(),
    })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(RuleSchema) }).optional(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          ServerSideEncryptionByDefault: z.object({
            SSEAlgorithm: z.enum(["AES256", "aws:kms"]),
            KMSMasterKeyID: z.string().optional(),
          }),
        }),
      ),
    })
    .optional(),
  PublicAccessBlockConfiguration: z
    .object({
      BlockPublicAcls: Flag.optional(),
      BlockPublicPolicy: Flag.optional(),
      IgnorePublicAcls: Flag.optional(),
      RestrictPublicBuckets: Flag.optional(),
    })
    .optional(),
  OwnershipControls: z
    .object({
      Rules: z.array(
        z.object({ ObjectOwnership: z.enum(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]) }),
      ),
    })
    .optional(),
  NotificationConfiguration: z
    .strictObject({
      EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: Flag.default(true) }).optional(),
      QueueConfigurations: notServed(NOTIFY_EVENT_BRIDGE),
      TopicConfigurations: notServed(NOTIFY_EVENT_BRIDGE),
      LambdaConfigurations: notServed(NOTIFY_EVENT_BRIDGE),
    })
    .optional(),
  ReplicationConfiguration: notServed("there is one region"),
  WebsiteConfiguration: notServed("buckets are no web sites"),
  CorsConfiguration: notServed("browsers do not call buckets"),
});

export type BucketProperties = z.infer<typeof bucketProperties>;

export function toLifecycleRule(rule: z.infer<typeof RuleSchema>): LifecycleRule {
  const { Id: ID, Status, Prefix = "", TagFilters, ExpirationInDays: Days, ExpiredObjectDeleteMarker } = rule;
  const { NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  const expires = Days !== undefined || ExpiredObjectDeleteMarker !== undefined;
  return {
    ...(ID !== undefined && { ID }),
    Status,
    Filter: TagFilters === undefined ? { Prefix } : { And: { Prefix, Tags: TagFilters } },
    ...(expires && { Expiration: { Days, ExpiredObjectDeleteMarker } }),
    ...(NoncurrentVersionExpiration && { NoncurrentVersionExpiration }),
    ...(AbortIncompleteMultipartUpload && { AbortIncompleteMultipartUpload }),
  };
}
