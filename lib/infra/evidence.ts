/** Where evidence lies: a bucket under Object Lock, the staging area before it, and the head of the log. */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type LockMode, PARTIAL_TAG } from "../core/evidence/partial-lock.ts";
import { CHECKPOINTS, forbidEditing, PARTIALS, PAYLOADS, SHARDS, TILES } from "./evidence-policy.ts";
import type { NodeFunction } from "./node-function.ts";

/**
 * The head stands on the batch that it was moved for until the next one moves it. The daily review is an event of its own, so a head is a
 * day old at most; a month leaves time to repair a log that stands still. A message too large for the queue waits here as long as its
 * pointer can: 14 days in the intake queue and, put aside, another 14 among the dead letters.
 */
const STAGING_RETENTION = Duration.days(30);
const ACCESS_LOG_RETENTION = Duration.days(400);

/**
 * In the staging area, of messages too large for the queue, as lib/core/receive/stored-message.ts names them. They are no evidence and not
 * redacted yet: encrypted, readable for recording alone, gone after STAGING_RETENTION.
 */
const MESSAGES = "messages/";

/**
 * Partials are superseded by the next batch, and sealed within a day where they are not: a fortnight in which the seal may fail and be mended.
 * Hidden then, they go another fortnight later.
 */
const PARTIAL_RETENTION = Duration.days(14);

const CLEAR_PARTIALS: LifecycleRule[] = [
  { id: "", prefix: "tile/" },
  // Of other objects than partials, too; but those can neither be marked nor hidden.
  { id: "OfShards", prefix: SHARDS },
].flatMap(({ id, prefix }) => [
  {
    id: `ClearPartials${id}`,
    prefix,
    tagFilters: { [PARTIAL_TAG.Key]: PARTIAL_TAG.Value },
    expiration: PARTIAL_RETENTION,
    noncurrentVersionExpiration: PARTIAL_RETENTION,
  },
  // By itself, since markers have no tags. One that hides nothing any more is all that it takes away.
  { id: `ClearMarkers${id}`, prefix, expiredObjectDeleteMarker: true },
]);

export interface EvidenceProps {
  readonly retention: Duration;
  readonly mode: LockMode;
}

export class Evidence extends Construct {
  readonly bucket: Bucket;
  readonly staging: Bucket;
  readonly heads: Table;
  readonly mode: LockMode;
  readonly retention: Duration;
  private readonly partialLockers: string[] = [];
  private readonly sealers: string[] = [];
  private readonly publishers: string[] = [];

  constructor(scope: Construct, id: string, { retention, mode }: EvidenceProps) {
    super(scope, id);
    this.mode = mode;
    this.retention = retention;
    const accessLogs = this.createAccessLogs();
    const shared = {
      // Keys managed by S3, on purpose: with a key of the account's own, scheduling its deletion would destroy the evidence.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: accessLogs,
    };
    this.bucket = new Bucket(this, "Bucket", {
      ...shared,
      versioned: true,
      serverAccessLogsPrefix: "evidence/",
      lifecycleRules: CLEAR_PARTIALS,
      objectLockDefaultRetention:
        mode === "COMPLIANCE" ? ObjectLockRetention.compliance(retention) : ObjectLockRetention.governance(retention),
    });
    const { partialLockers, sealers, publishers } = this;
    forbidEditing(this.bucket, { mode, retentionDays: retention.toDays(), partialLockers, sealers, publishers });
    // A bucket that outlives its stack without its policy could be hidden behind delete markers.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.staging = new Bucket(this, "Staging", {
      ...shared,
      serverAccessLogsPrefix: "staging/",
      lifecycleRules: [{ expiration: STAGING_RETENTION }],
    });
    this.heads = new Table(this, "Heads", {
      partitionKey: { name: "log", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * What recording needs: stage, move the head, create objects, compare them. The constructs' own `grantPut` would add the right to set
   * retention and legal holds on everything; of partials, recording sets the short lock.
   */
  grantAppend(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:PutObject", "s3:GetObject"], this.bucket, ...PAYLOADS);
    grantObjects(grantee, ["s3:PutObject", "s3:GetObject"], this.staging, "staged/*");
    this.grantCreateTiles(grantee);
    this.heads.grant(grantee, "dynamodb:GetItem", "dynamodb:PutItem");
  }

  /** What publishing needs: finish an append whose batch is staged, read the log, replace the checkpoint. It cannot move the head. */
  grantPublish(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:GetObject"], this.staging, "staged/*");
    this.grantCreateTiles(grantee);
    grantObjects(grantee, ["s3:PutObject", "s3:GetObject"], this.bucket, ...CHECKPOINTS);
    this.publishers.push(roleArnOf(grantee));
    this.heads.grant(grantee, "dynamodb:GetItem");
  }

  /** What readers of the log get: the newest versions of its objects, and nothing of the staging area. */
  grantRead(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:GetObject"], this.bucket, ...TILES, ...PAYLOADS, ...CHECKPOINTS);
    // Without it, S3 answers a look at a missing object with 403 instead of 404.
    Grant.addToPrincipal({ grantee, actions: ["s3:ListBucket"], resourceArns: [this.bucket.bucketArn] });
  }

  /** What the seal needs: lengthen the lock of partials, and take their mark off. */
  grantSeal(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:GetObject", "s3:GetObjectRetention"], this.bucket, ...PARTIALS);
    this.grantListing(grantee);
    this.grantLockPartials(grantee);
    this.sealers.push(roleArnOf(grantee));
    this.heads.grant(grantee, "dynamodb:GetItem");
  }

  private grantCreateTiles(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:PutObject", "s3:GetObject"], this.bucket, ...TILES);
    this.grantListing(grantee);
    this.grantLockPartials(grantee);
  }

  private grantLockPartials(grantee: NodeFunction): void {
    grantObjects(grantee, ["s3:PutObjectRetention", "s3:PutObjectTagging"], this.bucket, ...PARTIALS);
    this.partialLockers.push(roleArnOf(grantee));
  }

  // Without it, S3 answers a look at a missing object with 403 instead of 404.
  private grantListing(grantee: NodeFunction): void {
    const resourceArns = [this.bucket.bucketArn, this.staging.bucketArn];
    Grant.addToPrincipal({ grantee, actions: ["s3:ListBucket"], resourceArns });
  }

  /** For whoever sends to the intake queue: what is too large for it, and nothing else of the staging area. */
  grantStoreMessages(grantee: IGrantable, scope: Construct): void {
    this.grantMessages(grantee, scope, "s3:PutObject");
  }

  /** For whoever takes from the intake queue. */
  grantFetchMessages(grantee: IGrantable, scope: Construct): void {
    this.grantMessages(grantee, scope, "s3:GetObject");
  }

  private grantMessages(grantee: IGrantable, scope: Construct, action: string): void {
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.staging.arnForObjects(`${MESSAGES}*`)] });
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<EvidenceStaging9C1DD215.Arn>/${MESSAGES}*]`,
      reason: "Messages too large for the queue are named by their content, which is not known before.",
    });
  }

  private createAccessLogs(): IBucket {
    const logs = new Bucket(this, "AccessLogs", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: ACCESS_LOG_RETENTION }],
    });
    Validations.of(logs).acknowledge({
      id: "AwsSolutions-S1",
      reason: "This bucket receives the access logs of the others: logging its own writes into itself would never end.",
    });
    // Without its policy nobody could deliver to it, and a bucket that outlives the stack is still read and written.
    logs.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // The CDK declares the interface without exactOptionalPropertyTypes in mind; a Bucket is one.
    return logs as IBucket;
  }
}

function grantObjects(grantee: NodeFunction, actions: string[], bucket: Bucket, ...keys: string[]): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: keys.map((key) => bucket.arnForObjects(key)) });
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  for (const key of keys) {
    Validations.of(grantee.ownRole).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${key}]`,
      reason:
        "Objects of the log are named by their position or their content, which is not known before they are written.",
    });
  }
}

function roleArnOf({ ownRole }: NodeFunction): string {
  return ownRole.roleArn;
}

/** The name of the log's first shard (C2SP: a URL without scheme): one per organisation, account and region. The others end in their number. */
export function logOriginOf(scope: Construct, organisation: string): string {
  const { account, region } = Stack.of(scope);
  return `gatebook.${organisation}/${account}/${region}/0`;
}
