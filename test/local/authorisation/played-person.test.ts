/** A key id says whom its holder plays in the local cloud. */
import { expect, test } from "vitest";
import { isPlayed, keyOfPlayed, playedBy } from "../../../lib/local/authorisation/played-person.ts";
import { createPolicyStore } from "../../../lib/local/authorisation/policy-store.ts";
import { LOCAL_ACCOUNT, LOCAL_OWNER } from "../../../lib/local/aws-service.ts";

const ANA = "arn:aws:iam::111122223333:user/delivery/ana";
const SESSION = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admins_0123/ana@acme.example";
const ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/function`;

test.each([ANA, SESSION])("%s is played with a key of their own, and may do what the owner may", (arn) => {
  const policies = createPolicyStore();
  expect(policies.callerOf(keyOfPlayed(arn))).toBe(arn);
  expect(policies.authorise(arn, [{ action: "s3:GetObject", resource: "arn:aws:s3:::any/thing" }])).toEqual({
    outcome: "allowed",
  });
});

test("no function is played, nor anything that is no person", () => {
  for (const arn of [ROLE, LOCAL_OWNER, "arn:aws:iam::1:user/ana", "ana", "", `${ANA}\n`]) {
    expect(isPlayed(arn)).toBe(false);
    expect(playedBy(keyOfPlayed(arn))).toBeUndefined();
  }
  expect(playedBy("LOCALASzz")).toBeUndefined();
  expect(playedBy("AKIAEXAMPLE")).toBeUndefined();
});
