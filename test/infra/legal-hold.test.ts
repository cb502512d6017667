/** Who may hold evidence: whoever the account lets, and nothing of Gatebook's own. */
import { expect, test } from "vitest";
import { ADMINISTRATOR, policiesOf } from "./policies.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const may = policiesOf(gatebook);
const bucketArn = gatebook.arnOf(gatebook.only("AWS::S3::Bucket", "EvidenceBucket").logicalId);
const KEYS = ["tile/0/000", "tile/0/000.p/7", "tile/entries/x001/002.p/255", "payload/6f3a", "checkpoint"];
const roles = gatebook.ofType("AWS::IAM::Role").map(({ logicalId }) => logicalId);

test.each(KEYS)("the bucket's policy leaves an administrator the right to hold %s", (key) => {
  expect(may(ADMINISTRATOR, "s3:PutObjectLegalHold", `${bucketArn}/${key}`)).toBe(true);
  expect(may(ADMINISTRATOR, "s3:GetObjectLegalHold", `${bucketArn}/${key}`)).toBe(true);
});

test.each(roles)("the role %s holds and releases nothing", (role) => {
  for (const key of KEYS) {
    expect(may(gatebook.arnOf(role), "s3:PutObjectLegalHold", `${bucketArn}/${key}`)).toBe(false);
  }
});
