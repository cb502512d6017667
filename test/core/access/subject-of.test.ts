/** Whom a provider vouched for is read out of the principal's name, and never out of what the job itself may choose. */
import { expect, test } from "vitest";
import { subjectOf } from "../../../lib/core/access/subject-of.ts";

const GITHUB = "WebIdentityUser:arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const ENTERPRISE = `${GITHUB}/acme`;
const GITLAB = "WebIdentityUser:arn:aws-cn:iam::111122223333:oidc-provider/gitlab.com";

test.each([
  [`${GITHUB}:sts.amazonaws.com:repo:acme/shop:ref:refs/heads/main`, "repo:acme/shop:ref:refs/heads/main"],
  [`${ENTERPRISE}:sts.amazonaws.com:repo:acme/shop:environment:production`, "repo:acme/shop:environment:production"],
  [
    `${GITLAB}:https://gitlab.com:project_path:acme/shop:ref_type:tag:ref:v1`,
    "project_path:acme/shop:ref_type:tag:ref:v1",
  ],
  [`${GITLAB}:https://git.acme.example:8443:project_path:acme/shop:x`, "project_path:acme/shop:x"],
  [`${GITHUB}:sts.amazonaws.com:repo:mallory/x:repo:acme/shop:x`, "repo:mallory/x:repo:acme/shop:x"],
])("%s", (principal, subject) => {
  expect(subjectOf(principal)).toBe(subject);
});

test.each([
  "arn:aws:sts::111122223333:assumed-role/shop-deploy/repo:acme/shop:main",
  "SAMLUser:arn:aws:iam::111122223333:oidc-provider/x:y:repo:acme/shop:main",
  `x${GITHUB}:sts.amazonaws.com:repo:acme/shop:main`,
  `${GITHUB}:repo`,
  "",
])("%j names nobody whom a provider vouched for", (principal) => {
  expect(subjectOf(principal)).toBeUndefined();
});
