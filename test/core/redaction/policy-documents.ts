/** Statements of policies that speak of secrets and hold none. */

export const POLICIES = [
  { Effect: "Allow", Action: ["secretsmanager:GetSecretValue", "kms:Decrypt"], Resource: "*" },
  {
    Effect: "Deny",
    Action: "iam:UpdateLoginProfile",
    Resource: "*",
    Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
  },
  { Effect: "Allow", Action: "iam:*AccessKey*", Resource: `arn:aws:iam::111122223333:user/\x24{aws:username}` },
  {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
  },
];
