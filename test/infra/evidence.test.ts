/** The evidence bucket: written once, kept for as long as gatebook.yml says, and not to be talked out of it. */
import { describe, expect, test } from "vitest";
import { PARTIAL_LOCK_MS } from "../../lib/core/evidence/partial-lock.ts";
import { ADMINISTRATOR, policiesOf, ROOT_USER } from "./policies.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const { logicalId: bucketId, Properties: bucket } = gatebook.only("AWS::S3::Bucket", "EvidenceBucket");
const bucketArn = gatebook.arnOf(bucketId);
const DAY_MS = 24 * 60 * 60 * 1000;
const CREATE_ONLY = { "s3:if-none-match": "*" };

test("every version is locked for the configured retention, in COMPLIANCE mode", () => {
  expect(bucket.ObjectLockEnabled).toBe(true);
  expect(bucket.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: "COMPLIANCE", Days: 2555 });
  expect(bucket.VersioningConfiguration).toEqual({ Status: "Enabled" });
});

test("a trial may choose GOVERNANCE and a retention of its own", () => {
  const trial = OWN_CONFIGURATION.replace("retentionDays: 2555", "retentionDays: 3").replace(
    "mode: COMPLIANCE",
    "mode: GOVERNANCE",
  );
  const { Properties } = synthesise(trial).only("AWS::S3::Bucket", "EvidenceBucket");
  expect(Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: "GOVERNANCE", Days: 3 });
});

test("its policy stays with it when the stack goes", () => {
  const policy = gatebook.only("AWS::S3::BucketPolicy", "EvidenceBucketPolicy");
  expect(policy.DeletionPolicy).toBe("Retain");
  expect(policy.UpdateReplacePolicy).toBe("Retain");
});

describe("its lifecycle", () => {
  const rules: Record<string, unknown>[] = bucket.LifecycleConfiguration.Rules;
  const clearing = rules.filter(({ ExpirationInDays, NoncurrentVersionExpiration }) =>
    Boolean(ExpirationInDays ?? NoncurrentVersionExpiration),
  );

  test("clears away what is marked as a partial, and nothing else", () => {
    const marked = { TagFilters: [{ Key: "gatebook", Value: "partial" }], Status: "Enabled" };
    expect(clearing.map(({ Prefix, TagFilters, Status }) => ({ Prefix, TagFilters, Status }))).toEqual([
      { Prefix: "tile/", ...marked },
      { Prefix: "shard/", ...marked },
    ]);
  });

  test("leaves a daily seal time to fail for more than a week, and the lock time to end", () => {
    for (const { ExpirationInDays, NoncurrentVersionExpiration } of clearing) {
      expect(ExpirationInDays).toBeGreaterThan(7);
      expect(NoncurrentVersionExpiration).toEqual({ NoncurrentDays: ExpirationInDays });
    }
    expect(14 * DAY_MS).toBeGreaterThan(PARTIAL_LOCK_MS);
  });

  test("of the rest takes markers away that hide nothing any more, and moves nothing to another class", () => {
    const rest = rules.filter((rule) => !clearing.includes(rule)).map(({ Id, ...rule }) => rule);
    const clearMarkers = { ExpiredObjectDeleteMarker: true, Status: "Enabled" };
    expect(rest).toEqual([
      { Prefix: "tile/", ...clearMarkers },
      { Prefix: "shard/", ...clearMarkers },
    ]);
  });
});

test("each access to it is logged", () => {
  const { LogFilePrefix, DestinationBucketName } = bucket.LoggingConfiguration;
  expect(
    may("logging.s3.amazonaws.com", "s3:PutObject", `${gatebook.arnOf(DestinationBucketName)}/${LogFilePrefix}2026`, {
      "aws:SourceArn": bucketArn,
    }),
  ).toBe(true);
});

describe.each([
  ["an administrator", ADMINISTRATOR],
  ["the account's root", ROOT_USER],
])("%s", (_, caller) => {
  test.each([
    "tile/0/000",
    "tile/entries/x001/x234/067.p/12",
    "payload/6f3a",
    "shard/2/tile/0/000",
    "shard/15/payload/6f3a",
  ])("creates, and never overwrites, %s", (key) => {
    expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`)).toBe(false);
    expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`, { "s3:if-match": "etag" })).toBe(false);
    expect(may(caller, "s3:PutObject", `${bucketArn}/${key}`, CREATE_ONLY)).toBe(true);
  });

  test.each([
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectRetention",
    "s3:BypassGovernanceRetention",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersionTagging",
  ])("may not %s", (action) => {
    for (const key of ["tile/0/000", "payload/6f3a", "checkpoint", "tile/0/000.p/7", "tile/entries/x001/002.p/255"]) {
      for (const prefix of ["", "shard/1/", "shard/15/"]) {
        expect(may(caller, action, `${bucketArn}/${prefix}${key}`)).toBe(false);
      }
    }
  });

  test("may not write the checkpoint, whatever it asks for", () => {
    for (const conditions of [{}, CREATE_ONLY, { "s3:if-match": "etag" }]) {
      expect(may(caller, "s3:PutObject", `${bucketArn}/checkpoint`, conditions)).toBe(false);
      expect(may(caller, "s3:PutObject", `${bucketArn}/shard/2/checkpoint`, conditions)).toBe(false);
    }
  });

  test("may not read it without TLS", () => {
    expect(may(caller, "s3:GetObject", `${bucketArn}/checkpoint`)).toBe(true);
    expect(may(caller, "s3:GetObject", `${bucketArn}/checkpoint`, { "aws:SecureTransport": "false" })).toBe(false);
  });
});

const roleOf = (service: string): string => {
  const found = gatebook
    .ofType("AWS::Lambda::Function")
    .find(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === service);
  return found?.Properties.Role;
};
const PARTIAL = `${bucketArn}/tile/0/000.p/7`;
const SHARD_PARTIAL = `${bucketArn}/shard/2/tile/0/000.p/7`;
const lockOf = (days: number, mode = "COMPLIANCE") => ({
  "s3:object-lock-mode": mode,
  "s3:object-lock-remaining-retention-days": String(days),
});

describe.each(
  ["record", "publish", "seal"].flatMap((service) => [
    { service, shard: 0, partial: PARTIAL },
    { service, shard: 2, partial: SHARD_PARTIAL },
  ]),
)("$service, in shard $shard,", ({ service, partial }) => {
  const locks = (days: number, mode?: string): boolean =>
    may(roleOf(service), "s3:PutObjectRetention", partial, lockOf(days, mode));

  test("locks a partial for two days, and for the whole retention", () => {
    expect([locks(2), locks(2_555)]).toEqual([true, true]);
  });

  test("locks none for less, for longer than evidence is kept, or in a mode that can be bypassed", () => {
    expect([locks(1), locks(0), locks(2_557), locks(36_000), locks(2_555, "GOVERNANCE")]).not.toContain(true);
  });

  test("locks and marks nothing but partials", () => {
    for (const key of [
      "tile/0/000",
      "tile/entries/000",
      "payload/6f3a",
      "checkpoint",
      "shard/2/tile/0/000",
      "shard/2/checkpoint",
    ]) {
      expect(may(roleOf(service), "s3:PutObjectRetention", `${bucketArn}/${key}`, lockOf(2_555))).toBe(false);
      expect(may(roleOf(service), "s3:PutObjectTagging", `${bucketArn}/${key}`)).toBe(false);
    }
    expect(may(roleOf(service), "s3:PutObjectTagging", partial)).toBe(true);
  });
});

test.each([PARTIAL, SHARD_PARTIAL])("what is sealed is not marked again, but by the seal itself: %s", (partial) => {
  const sealed = { "s3:ExistingObjectTag/gatebook": "sealed" };
  const marks = (service: string, tags: Readonly<Record<string, string>>): boolean =>
    may(roleOf(service), "s3:PutObjectTagging", partial, tags);
  expect(["record", "publish", "seal"].map((service) => marks(service, sealed))).toEqual([false, false, true]);
  expect(marks("record", { "s3:ExistingObjectTag/gatebook": "partial" })).toBe(true);
});

test.each(["checkpoint", "shard/2/checkpoint"])(
  "%s is written by the function that publishes alone, and never blindly",
  (key) => {
    const writes = (service: string, conditions: Readonly<Record<string, string>>): boolean =>
      may(roleOf(service), "s3:PutObject", `${bucketArn}/${key}`, conditions);
    expect(writes("publish", { "s3:if-match": "etag" })).toBe(true);
    expect(writes("publish", CREATE_ONLY)).toBe(true);
    expect(writes("publish", {})).toBe(false);
    expect(writes("record", { "s3:if-match": "etag" })).toBe(false);
  },
);

test("a staged batch outlives any repair", () => {
  const { Rules } = gatebook.only("AWS::S3::Bucket", "EvidenceStaging").Properties.LifecycleConfiguration;
  for (const { ExpirationInDays } of Rules) expect(ExpirationInDays).toBeGreaterThanOrEqual(14);
});

test("staging has no lock, or its batches could not expire", () => {
  expect(gatebook.only("AWS::S3::Bucket", "EvidenceStaging").Properties.ObjectLockEnabled).toBeUndefined();
});

test("its policy fits what S3 takes, whatever the bucket and the roles are called", () => {
  const { PolicyDocument } = gatebook.only("AWS::S3::BucketPolicy", "EvidenceBucketPolicy").Properties;
  // Names are filled in later: 63 characters of a bucket, 64 of a role.
  const filled = JSON.stringify(PolicyDocument).length;
  expect(filled).toBeLessThan(20 * 1024);
});

test("gatebook.yml's shards are what the functions spread events over and the command line reads", () => {
  const sharded = synthesise(OWN_CONFIGURATION.replace(/shards: \d+/, "shards: 3"));
  const shardsOf = (service: string) =>
    sharded
      .ofType("AWS::Lambda::Function")
      .find(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === service)?.Properties
      .Environment.Variables.LOG_SHARDS;
  expect([shardsOf("record"), shardsOf("publish")]).toEqual(["3", "3"]);
  expect(JSON.parse(sharded.text).Outputs.LogShards.Value).toBe("3");
  expect(JSON.parse(gatebook.text).Outputs.LogShards.Value).toBe("1");
});
