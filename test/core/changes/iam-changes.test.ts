/** What calls to IAM are said to have changed. */
import { expect, test } from "vitest";
import { ACCOUNT, call, subjectOf, told } from "./told.ts";

const TRUST = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: ACCOUNT } };

test("trust is told by who may assume the role", () => {
  const role = (policy: object) =>
    call("iam:UpdateAssumeRolePolicy", {
      request: {
        roleName: "shop-deploy",
        policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: policy }),
      },
    });
  const oidc = {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
    Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/*" } },
  };
  expect(told(role([TRUST]), role([TRUST, { ...TRUST, Principal: { AWS: "*" } }, oidc]))).toMatchObject({
    kind: "trust policy",
    resource: `arn:aws:iam::${ACCOUNT}:role/shop-deploy`,
    lines: [
      "now allows everybody to do sts:AssumeRole",
      expect.stringMatching(
        /^now allows whoever signs in by arn:aws:iam::111122223333:oidc-provider\S+ to do sts:AssumeRoleWithWebIdentity when StringLike/,
      ),
    ],
  });
});

test("the trust policy of a new role is what a later one is compared with", () => {
  const document = JSON.stringify({ Statement: [TRUST] });
  const made = call("iam:CreateRole", { request: { roleName: "shop-deploy", assumeRolePolicyDocument: document } });
  expect(told(made)).toMatchObject({
    before: "told",
    lines: [`now allows arn:aws:iam::${ACCOUNT}:root to do sts:AssumeRole`],
  });
  const same = call("iam:UpdateAssumeRolePolicy", { request: { roleName: "shop-deploy", policyDocument: document } });
  expect(told(made, same)).toMatchObject({ before: "seen", lines: ["nothing changed"] });
});

const ADMIN = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

test.each([
  ["Role", "roleName", "role"],
  ["User", "userName", "user"],
  ["Group", "groupName", "group"],
])("an inline policy of a %s is told by its name", (holder, parameter, kind) => {
  const request = { [parameter]: "shop", policyName: "deploy" };
  const made = call(`iam:Put${holder}Policy`, { request: { ...request, policyDocument: ADMIN } });
  expect(told(made)).toEqual({
    kind: "inline policy deploy",
    resource: `arn:aws:iam::${ACCOUNT}:${kind}/shop`,
    before: "unknown",
    lines: ["allows anything on everything"],
  });
  expect(told(made, call(`iam:Delete${holder}Policy`, { request }))?.lines).toEqual([
    "the inline policy deploy was removed",
    "no longer allows anything on everything",
  ]);
});

test("of a managed policy only the version in force changes what it allows", () => {
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/deploy`;
  const narrow = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
  });
  const made = call("iam:CreatePolicy", {
    request: { policyName: "deploy", policyDocument: narrow },
    response: { policy: { arn: policyArn } },
  });
  const version = (setAsDefault: boolean) =>
    call("iam:CreatePolicyVersion", {
      request: { policyArn, policyDocument: ADMIN, setAsDefault },
      response: { policyVersion: { versionId: "v2", isDefaultVersion: setAsDefault } },
    });
  expect(told(made, version(true))).toEqual({
    kind: "policy",
    resource: policyArn,
    before: "seen",
    lines: ["now allows anything on everything", "a wider statement still allows s3:GetObject on everything"],
  });
  expect(subjectOf(version(false))?.kind).toBe("policy version v2, not in force");
  const inForce = (versionId: string) => call("iam:SetDefaultPolicyVersion", { request: { policyArn, versionId } });
  expect(told(inForce("v2"), inForce("v1"))?.lines).toEqual(['policy version in force: "v2" → "v1"']);
});

test("what is attached and detached is told by the call itself", () => {
  const request = { roleName: "shop-deploy", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" };
  expect(told(call("iam:AttachRolePolicy", { request }))).toEqual({
    kind: "attached policy arn:aws:iam::aws:policy/AdministratorAccess",
    resource: `arn:aws:iam::${ACCOUNT}:role/shop-deploy`,
    before: "told",
    lines: ["arn:aws:iam::aws:policy/AdministratorAccess is now attached"],
  });
  expect(told(call("iam:DetachRolePolicy", { request }))?.lines).toEqual([
    "arn:aws:iam::aws:policy/AdministratorAccess is no longer attached",
  ]);
});

test("a permissions boundary that goes is told with what it was", () => {
  const request = { roleName: "shop-deploy", permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/limits` };
  const made = call("iam:PutRolePermissionsBoundary", { request });
  expect(
    told(made, call("iam:DeleteRolePermissionsBoundary", { request: { roleName: "shop-deploy" } }))?.lines,
  ).toEqual([
    "the permissions boundary was removed",
    `it was: permissions boundary: "arn:aws:iam::${ACCOUNT}:policy/limits"`,
  ]);
});
