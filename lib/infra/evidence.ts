/** Where evidence lies: a bucket under Object Lock, the staging area before it, and the head of the log. */
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, Grant, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/**
 * The head stands on the batch that it was moved for until the next one moves it. The daily review is an event of its own, so a head is a
 * day old at most; a month leaves time to repair a log that stands still.
 */
const STAGING_RETENTION = Duration.days(30);
const ACCESS_LOG_RETENTION = Duration.days(400);

/** Folders of the bucket in which an object is written once and never again. */
const WRITE_ONCE = ["tile/*", "payload/*"];

export interface EvidenceProps {
  readonly retention: Duration;
  readonly mode: "COMPLIANCE" | "GOVERNANCE";
}

export class Evidence extends Construct {
  readonly bucket: Bucket;
  readonly staging: Bucket;
  readonly heads: Table;

  constructor(scope: Construct, id: string, { retention, mode }: EvidenceProps) {
    super(scope, id);
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
      objectLockDefaultRetention:
        mode === "COMPLIANCE" ? ObjectLockRetention.compliance(retention) : ObjectLockRetention.governance(retention),
    });
    this.forbidEditing();
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
   * retention and legal holds, which recording must not have.
   */
  grantAppend(grantee: IGrantable): void {
    const resourceArns = [
      ...WRITE_ONCE.map((folder) => this.bucket.arnForObjects(folder)),
      this.staging.arnForObjects("staged/*"),
    ];
    Grant.addToPrincipal({ grantee, actions: ["s3:PutObject", "s3:GetObject"], resourceArns });
    // Without it, S3 answers a look at a missing object with 403 instead of 404.
    Grant.addToPrincipal({
      grantee,
      actions: ["s3:ListBucket"],
      resourceArns: [this.bucket.bucketArn, this.staging.bucketArn],
    });
    this.heads.grant(grantee, "dynamodb:GetItem", "dynamodb:PutItem");
  }

  // Object Lock keeps every version; these keep anybody, administrators included, from hiding one behind another or from asking for less.
  private forbidEditing(): void {
    const deny = (
      sid: string,
      actions: string[],
      keys: readonly string[],
      conditions?: Record<string, unknown>,
    ): void => {
      this.bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: keys.map((key) => this.bucket.arnForObjects(key)),
          ...(conditions && { conditions }),
        }),
      );
    };
    deny("DenyOverwrite", ["s3:PutObject"], WRITE_ONCE, { Null: { "s3:if-none-match": "true" } });
    deny("DenyDelete", ["s3:DeleteObject", "s3:DeleteObjectVersion"], ["*"]);
    deny("DenyRetentionChange", ["s3:PutObjectRetention", "s3:BypassGovernanceRetention"], ["*"]);
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

/** The log's name (C2SP: a URL without scheme): one per organisation, account and region. */
export function logOriginOf(scope: Construct, organisation: string): string {
  const { account, region } = Stack.of(scope);
  return `gatebook.${organisation}/${account}/${region}/0`;
}
