/** What nobody may do in the evidence bucket, administrators and the account's root included. */
import { Lazy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { type LockMode, SEALED_TAG } from "../core/evidence/partial-lock.ts";

/** Below which the objects of every shard but the first lie, as lib/core/evidence/shard.ts has them. */
export const SHARDS = "shard/";
/** The same objects of every shard. However few there are now, there may have been more. */
const inAllShards = (keys: string): readonly [string, string] => [keys, `${SHARDS}*/${keys}`];

export const TILES = inAllShards("tile/*");
export const PAYLOADS = inAllShards("payload/*");
/** Folders of the bucket in which an object is written once and never again. */
const WRITE_ONCE = [...TILES, ...PAYLOADS];
/** Tiles and bundles that the next batch supersedes. */
export const PARTIALS = inAllShards("tile/*.p/*");
export const CHECKPOINTS = inAllShards("checkpoint");

/** Less than what partials are put with; S3 may round either way. */
const MIN_LOCK_DAYS = 2;

const TAGGING = [
  "s3:PutObjectTagging",
  "s3:PutObjectVersionTagging",
  "s3:DeleteObjectTagging",
  "s3:DeleteObjectVersionTagging",
];

export interface EvidenceRules {
  readonly mode: LockMode;
  readonly retentionDays: number;
  /** ARNs of the roles that may lock and tag partials: filled while the stack is made. */
  readonly partialLockers: readonly string[];
  /** ARNs of the roles that may seal: once they have, nobody else marks the object again. */
  readonly sealers: readonly string[];
  /** ARNs of the roles that may write the checkpoint. */
  readonly publishers: readonly string[];
}

type Deny = Readonly<{ actions: string[]; on?: readonly string[]; notOn?: readonly string[]; conditions?: object }>;

/**
 * Object Lock keeps every version; these statements keep anybody from hiding one behind another, from asking for less, and from handing an object
 * to the lifecycle rule that clears partials away.
 */
export function forbidEditing(bucket: Bucket, rules: EvidenceRules): void {
  const keys = (names: readonly string[]): string[] => names.map((name) => bucket.arnForObjects(name));
  const deny = (sid: string, { actions, on, notOn, conditions }: Deny): void => {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        ...(on && { resources: keys(on) }),
        ...(notOn && { notResources: keys(notOn) }),
        ...(conditions && { conditions: { ...conditions } }),
      }),
    );
  };
  const notBy = (roles: readonly string[]) => ({
    ArnNotEquals: { "aws:PrincipalArn": Lazy.list({ produce: () => [...roles] }) },
  });
  const lock = { actions: ["s3:PutObjectRetention"], on: PARTIALS };
  const remaining = "s3:object-lock-remaining-retention-days";

  deny("DenyOverwrite", {
    actions: ["s3:PutObject"],
    on: WRITE_ONCE,
    conditions: { Null: { "s3:if-none-match": "true" } },
  });
  deny("DenyBlindCheckpoint", {
    actions: ["s3:PutObject"],
    on: CHECKPOINTS,
    conditions: { Null: { "s3:if-match": "true", "s3:if-none-match": "true" } },
  });
  deny("DenyOthersCheckpoint", { actions: ["s3:PutObject"], on: CHECKPOINTS, conditions: notBy(rules.publishers) });
  deny("DenyDelete", { actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"], on: ["*"] });
  deny("DenyBypass", { actions: ["s3:BypassGovernanceRetention"], on: ["*"] });
  deny("DenyRetentionChange", { actions: ["s3:PutObjectRetention"], notOn: PARTIALS });
  deny("DenyOthersLock", { ...lock, conditions: notBy(rules.partialLockers) });
  deny("DenyShortLock", { ...lock, conditions: { NumericLessThan: { [remaining]: MIN_LOCK_DAYS } } });
  // Whoever may lock could lock for a hundred years, which is paid for.
  deny("DenyEndlessLock", {
    ...lock,
    conditions: { NumericGreaterThan: { [remaining]: Math.max(rules.retentionDays, MIN_LOCK_DAYS) + 1 } },
  });
  deny("DenyWeakerLock", {
    ...lock,
    conditions: { Null: { "s3:object-lock-mode": "false" }, StringNotEquals: { "s3:object-lock-mode": rules.mode } },
  });
  deny("DenyTagging", { actions: TAGGING, notOn: PARTIALS });
  deny("DenyOthersTagging", { actions: TAGGING, on: PARTIALS, conditions: notBy(rules.partialLockers) });
  deny("DenyUnsealing", {
    actions: TAGGING,
    on: PARTIALS,
    conditions: {
      ...notBy(rules.sealers),
      StringEquals: { [`s3:ExistingObjectTag/${SEALED_TAG.Key}`]: SEALED_TAG.Value },
    },
  });
}
