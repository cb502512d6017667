/** AWS::S3::Bucket and ::BucketPolicy. */
import {
  type BucketLifecycleConfiguration,
  CreateBucketCommand,
  HeadBucketCommand,
  NotFound,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import * as z from "zod";
import { type BucketProperties, bucketProperties, toLifecycleRule } from "./bucket-properties.ts";
import { physicalName } from "./physical-name.ts";
import { Document, resourceType } from "./resource-type.ts";

const MAX_NAME = 63;

export const bucket = resourceType({
  properties: bucketProperties,
  withoutMeaning: ["LoggingConfiguration", "IntelligentTieringConfigurations", "MetricsConfigurations"],
  async make(properties, { stackName, logicalId }, { clients: { s3 }, report }) {
    const name = properties.BucketName ?? physicalName(stackName, logicalId, MAX_NAME).toLowerCase();
    await ensureBucket(s3, name, properties.ObjectLockEnabled);
    await configure(s3, name, properties);
    if (properties.LifecycleConfiguration?.Rules.some(({ Transitions }) => Transitions !== undefined)) {
      report(`${logicalId} (AWS::S3::Bucket): objects do not change their storage class locally`);
    }
    const domain = `${name}.s3.amazonaws.com`;
    return {
      ref: name,
      attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: domain, RegionalDomainName: domain },
    };
  },
});

export const bucketPolicy = resourceType({
  properties: z.object({ Bucket: z.string(), PolicyDocument: Document }),
  async make({ Bucket, PolicyDocument }, { logicalId }, { clients, policies }) {
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(PolicyDocument) }));
    policies.putResourcePolicy(`arn:aws:s3:::${Bucket}`, PolicyDocument);
    return { ref: logicalId };
  },
});

async function ensureBucket(s3: S3Client, Bucket: string, isLocked: boolean): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: isLocked }));
  }
}

async function configure(s3: S3Client, Bucket: string, properties: BucketProperties): Promise<void> {
  const { VersioningConfiguration, ObjectLockConfiguration, LifecycleConfiguration } = properties;
  const { BucketEncryption, PublicAccessBlockConfiguration, OwnershipControls } = properties;
  // Versioning comes with Object Lock, and can then be neither set nor suspended.
  if (VersioningConfiguration !== undefined && !properties.ObjectLockEnabled) {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  if (ObjectLockConfiguration !== undefined) {
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  }
  if (LifecycleConfiguration !== undefined) {
    const rules = LifecycleConfiguration.Rules.map(toLifecycleRule);
    const configuration: BucketLifecycleConfiguration = { Rules: rules };
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: configuration }));
  }
  if (BucketEncryption !== undefined) {
    const Rules = BucketEncryption.ServerSideEncryptionConfiguration.map(({ ServerSideEncryptionByDefault }) => ({
      ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
    }));
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  }
  if (PublicAccessBlockConfiguration !== undefined) {
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  }
  if (OwnershipControls !== undefined) {
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  }
  await notifyEventBridge(s3, Bucket, properties);
}

/** Also where the template says nothing of it: the bucket may be an earlier start's, whose template did. */
async function notifyEventBridge(s3: S3Client, Bucket: string, properties: BucketProperties): Promise<void> {
  const asked = properties.NotificationConfiguration?.EventBridgeConfiguration;
  const NotificationConfiguration = asked?.EventBridgeEnabled === true ? { EventBridgeConfiguration: {} } : {};
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}
