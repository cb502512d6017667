/** What a policy is said to allow that it did not, and what no longer. */
import { expect, test } from "vitest";
import { policyDifference } from "../../../lib/core/changes/policy-difference.ts";
import { ACCOUNT, call, told } from "./told.ts";

const BUCKET = "arn:aws:s3:::acme-releases";

function put(statements: unknown, policy: object = {}): string {
  const bucketPolicy = { Version: "2012-10-17", ...policy, Statement: statements };
  return call("s3:PutBucketPolicy", { request: { bucketName: "acme-releases", bucketPolicy, policy: [""] } });
}

const deployer = {
  Sid: "Deploy",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-deploy` },
  Action: "s3:GetObject",
  Resource: `${BUCKET}/*`,
};
const strangers = {
  Effect: "Allow",
  Principal: { AWS: "999988887777" },
  Action: ["s3:PutObject", "s3:GetObject"],
  Resource: `${BUCKET}/*`,
};
const overHttps = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: BUCKET,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

function lines(before: unknown, after: unknown) {
  return told(put(before), put(after))?.lines;
}

test("access for another account is told in one sentence, with what and where", () => {
  expect(told(put([deployer]), put([deployer, strangers]))).toEqual({
    kind: "bucket policy",
    resource: BUCKET,
    before: "seen",
    lines: [
      "now allows arn:aws:iam::999988887777:root to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/*",
    ],
  });
});

test("everybody comes first, then other accounts, then one's own, then what was taken away", () => {
  const own = { ...deployer, Action: "s3:PutObject" };
  const everybody = { ...deployer, Principal: { AWS: ["*"] } };
  const gone = { ...deployer, Action: "s3:ListBucket" };
  expect(lines([gone], [own, strangers, everybody])).toEqual([
    "now allows everybody to do s3:GetObject on arn:aws:s3:::acme-releases/*",
    "now allows arn:aws:iam::999988887777:root to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/*",
    "now allows arn:aws:iam::111122223333:role/shop-deploy to do s3:PutObject on arn:aws:s3:::acme-releases/*",
    "no longer allows arn:aws:iam::111122223333:role/shop-deploy to do s3:ListBucket on arn:aws:s3:::acme-releases/*",
  ]);
});

test("a denial that is dropped counts as access given, and one that is added as access taken", () => {
  const denial = 'everybody to do s3:* on arn:aws:s3:::acme-releases when Bool aws:SecureTransport "false"';
  expect(lines([deployer, overHttps], [deployer])).toEqual([`no longer denies ${denial}`]);
  expect(lines([deployer], [deployer, overHttps, strangers])?.at(-1)).toBe(`now denies ${denial}`);
});

test("a condition that is dropped, added or changed is told with what it was", () => {
  const limited = (organisation: string) => ({
    ...strangers,
    Condition: { StringEquals: { "aws:PrincipalOrgID": organisation } },
  });
  const what = "arn:aws:iam::999988887777:root to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/*";
  expect(lines([limited("o-a")], [strangers])).toEqual([
    `condition on allowing ${what} dropped: StringEquals aws:PrincipalOrgID "o-a"`,
  ]);
  expect(lines([strangers], [limited("o-a")])).toEqual([
    `condition on allowing ${what} added: StringEquals aws:PrincipalOrgID "o-a"`,
  ]);
  expect(lines([limited("o-a")], [limited("o-b")])).toEqual([
    `condition on allowing ${what} changed: StringEquals aws:PrincipalOrgID "o-a" → StringEquals aws:PrincipalOrgID "o-b"`,
  ]);
});

test("a value that reads like two is told from two values", () => {
  const within = (values: unknown) => ({ ...deployer, Condition: { StringLike: { "aws:sourceVpce": values } } });
  expect(lines([within('a" or "b')], [within(["a", "b"])])).not.toEqual(["nothing changed"]);
});

test("the same policy written differently is no change", () => {
  const written = {
    Id: "another",
    Statement: {
      Resource: [`${BUCKET}/*`],
      Action: ["S3:PUTOBJECT", "s3:GetObject", "s3:GetObject"],
      Principal: { AWS: ["arn:aws:iam::999988887777:root"] },
      Effect: "Allow",
    },
    Version: "2012-10-17",
  };
  const after = call("s3:PutBucketPolicy", { request: { bucketName: "acme-releases", bucketPolicy: written } });
  expect(told(put([strangers]), after)?.lines).toEqual(["nothing changed"]);
  const asText = JSON.stringify({ Version: "2012-10-17", Statement: [strangers] });
  for (const bucketPolicy of [asText, encodeURIComponent(asText)]) {
    const asTold = call("s3:PutBucketPolicy", { request: { bucketName: "acme-releases", bucketPolicy } });
    expect(told(put([strangers]), asTold)?.lines).toEqual(["nothing changed"]);
  }
});

test("one statement split in two says the same", () => {
  const [first, second] = strangers.Action.map((Action) => ({ ...strangers, Action }));
  expect(lines([strangers], [first, second])).toEqual(["nothing changed"]);
});

test("what a wider statement says anyway is neither new nor gone", () => {
  const wide = { ...deployer, Action: "s3:Get*", Resource: "*" };
  expect(lines([wide, deployer], [wide])).toEqual([
    "a wider statement still allows arn:aws:iam::111122223333:role/shop-deploy to do s3:GetObject on arn:aws:s3:::acme-releases/*",
  ]);
  expect(lines([wide], [wide, deployer])).toEqual([
    "a wider statement already allowed arn:aws:iam::111122223333:role/shop-deploy to do s3:GetObject on arn:aws:s3:::acme-releases/*",
  ]);
  const denied = { ...wide, Effect: "Deny" };
  expect(lines([denied, deployer], [denied])?.[0]).toMatch(/^no longer allows/);
});

test("what is named by exception is told as such", () => {
  const but = {
    Effect: "Allow",
    NotAction: ["iam:*", "sts:*"],
    NotResource: `${BUCKET}/x`,
    NotPrincipal: { AWS: ACCOUNT },
  };
  expect(lines([deployer], [deployer, but])).toEqual([
    "now allows everybody but arn:aws:iam::111122223333:root to do all but iam:*, sts:* on all but arn:aws:s3:::acme-releases/x",
  ]);
});

test("a policy never seen before is told as it is, and one that is removed by what goes with it", () => {
  expect(told(put([strangers]))).toMatchObject({
    before: "unknown",
    lines: ["allows arn:aws:iam::999988887777:root to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/*"],
  });
  const removed = call("s3:DeleteBucketPolicy", { request: { bucketName: "acme-releases" } });
  expect(told(put([overHttps]), removed)).toMatchObject({
    before: "seen",
    lines: [
      "the bucket policy was removed",
      'no longer denies everybody to do s3:* on arn:aws:s3:::acme-releases when Bool aws:SecureTransport "false"',
    ],
  });
  expect(told(removed)?.lines).toEqual(["the bucket policy was removed; what it was is not known"]);
  expect(told(put([]))?.lines).toEqual(["the bucket policy is empty"]);
});

test("another version of the language is told, since it decides what is a variable", () => {
  expect(told(put([deployer], { Version: "2008-10-17" }), put([deployer]))?.lines).toEqual([
    "language version: 2008-10-17 → 2012-10-17",
  ]);
});

test("a policy that cannot be read is compared as the text it is", () => {
  const text = (bucketPolicy: string) =>
    call("s3:PutBucketPolicy", { request: { bucketName: "acme-releases", bucketPolicy } });
  expect(told(text('{"Statement": [redacted'), text('{"Statement": [redacted'))?.lines).toEqual(["nothing changed"]);
  expect(told(text('{"a'), text('{"b'))?.lines).toEqual(['bucket policy: "{\\"a" → "{\\"b"']);
});

test("statements that are none are told, and never hidden", () => {
  const toldOf = (...statements: readonly unknown[]) => policyDifference({ Statement: [] }, { Statement: statements });
  expect(toldOf(7)).toEqual(["now says what cannot be read: 7"]);
  expect(toldOf({ Effect: "Allow" })).toEqual(['now says what cannot be read: {"Effect":"Allow"}']);
  const both = { Effect: "Allow", Action: "s3:*", NotAction: "iam:*" };
  expect(toldOf(both)).toEqual([
    'now says what cannot be read: {"Action":"s3:*","Effect":"Allow","NotAction":"iam:*"}',
  ]);
});

test("too many grants to take apart are compared by statement", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...deployer,
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `${BUCKET}/${i}`,
    }));
  const large = many(3_000);
  const [first, ...others] = large;
  expect(policyDifference({ Statement: [...others, overHttps] }, { Statement: large })).toEqual([
    'statement removed: denies everybody to do s3:* on arn:aws:s3:::acme-releases when Bool aws:SecureTransport "false"',
    "statement added: allows arn:aws:iam::111122223333:role/shop-deploy to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/0",
  ]);
  const later = { Statement: [...others, { ...first, Effect: "Deny" }].reverse() };
  expect(policyDifference({ Statement: large }, later)).toEqual([
    "statement added: denies arn:aws:iam::111122223333:role/shop-deploy to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/0",
    "statement removed: allows arn:aws:iam::111122223333:role/shop-deploy to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/0",
  ]);
});
