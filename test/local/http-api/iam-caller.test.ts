/** What a function hears of who signed. */
import { expect, test } from "vitest";
import { LOCAL_OWNER, LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { iamCaller } from "../../../lib/local/http-api/iam-caller.ts";

test("a role calls as a session of its own, with one id for the role and one name for the session", () => {
  const signer = { accessKeyId: "ASIA1", arn: "arn:aws:iam::000000000000:role/service/Sender", session: "job-7" };
  const caller = iamCaller(signer);
  expect(caller).toEqual({
    accessKey: "ASIA1",
    accountId: "000000000000",
    callerId: expect.stringMatching(/^AROA[A-Z2-7]{17}:job-7$/),
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: "arn:aws:sts::000000000000:assumed-role/Sender/job-7",
    userId: caller.callerId,
  });
  expect(iamCaller({ ...signer, session: "job-8" }).userId.split(":")[0]).toBe(caller.userId.split(":")[0]);
  expect(iamCaller({ ...signer, arn: `${signer.arn}2` }).userId).not.toBe(caller.userId);
});

test("root is known by its account's number", () => {
  expect(iamCaller({ accessKeyId: LOCAL_OWNER_KEY, arn: LOCAL_OWNER, session: "local" })).toMatchObject({
    callerId: "000000000000",
    userArn: LOCAL_OWNER,
    userId: "000000000000",
  });
});
