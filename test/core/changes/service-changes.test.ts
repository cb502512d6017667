/** What calls to services with policies of their own are said to have changed. */
import { expect, test } from "vitest";
import { ACCOUNT, call, subjectOf, told } from "./told.ts";

const everybody = (Action: string, Resource?: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action, Resource }] });
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/prod/db-AbCdEf`;
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:shop`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd`;
const QUEUE = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/shop`;

test.each([
  [
    "secretsmanager:PutResourcePolicy",
    { secretId: SECRET, resourcePolicy: everybody("secretsmanager:GetSecretValue", "*") },
    "resource policy",
    SECRET,
    "allows everybody to do secretsmanager:GetSecretValue on everything",
  ],
  [
    "kms:PutKeyPolicy",
    { keyId: KEY, policyName: "default", policy: everybody("kms:*", "*") },
    "key policy",
    KEY,
    "allows everybody to do kms:* on everything",
  ],
  [
    "ecr:SetRepositoryPolicy",
    { repositoryName: "shop", policyText: everybody("ecr:BatchGetImage") },
    "repository policy",
    `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/shop`,
    "allows everybody to do ecr:BatchGetImage",
  ],
  [
    "sns:SetTopicAttributes",
    { topicArn: TOPIC, attributeName: "Policy", attributeValue: everybody("SNS:Publish", TOPIC) },
    "topic policy",
    TOPIC,
    `allows everybody to do SNS:Publish on ${TOPIC}`,
  ],
  [
    "sqs:SetQueueAttributes",
    { queueUrl: QUEUE, attributes: { Policy: everybody("SQS:SendMessage", "*") } },
    "queue policy",
    `arn:aws:sqs:eu-west-1:${ACCOUNT}:shop`,
    "allows everybody to do SQS:SendMessage on everything",
  ],
])("the policy that %s sets is told as it is", (operation, request, kind, resource, line) => {
  expect(told(call(operation, { request }))).toEqual({ kind, resource, before: "unknown", lines: [line] });
});

test("a key or a topic that is made open is open from its first day, and one that is made without a policy tells none", () => {
  const made = [
    call("kms:CreateKey", {
      request: { policy: everybody("kms:Decrypt", "*") },
      response: { keyMetadata: { arn: KEY } },
    }),
    call("sns:CreateTopic", {
      request: { name: "shop", attributes: { Policy: everybody("SNS:Publish", TOPIC) } },
      response: { topicArn: TOPIC },
    }),
  ];
  expect(made.map((event) => told(event))).toEqual([
    {
      kind: "key policy",
      resource: KEY,
      before: "told",
      lines: ["now allows everybody to do kms:Decrypt on everything"],
    },
    {
      kind: "topic policy",
      resource: TOPIC,
      before: "told",
      lines: [`now allows everybody to do SNS:Publish on ${TOPIC}`],
    },
  ]);
  expect(subjectOf(call("kms:CreateKey", { response: { keyMetadata: { arn: KEY } } }))).toBeUndefined();
  for (const attributes of [undefined, {}, { DisplayName: "Shop" }, "Policy"]) {
    const request = { name: "shop", attributes };
    expect(subjectOf(call("sns:CreateTopic", { request, response: { topicArn: TOPIC } }))).toBeUndefined();
  }
});

test("an attribute that is no policy tells none, and one that is set to nothing is removed", () => {
  const topic = (attributeName: string, attributeValue: string) =>
    call("sns:SetTopicAttributes", { request: { topicArn: TOPIC, attributeName, attributeValue } });
  expect(subjectOf(topic("DisplayName", "Shop"))).toBeUndefined();
  expect(subjectOf(call("sqs:SetQueueAttributes", { request: { queueUrl: QUEUE, attributes: {} } }))).toBeUndefined();
  expect(told(topic("Policy", everybody("SNS:Publish", TOPIC)), topic("Policy", ""))?.lines).toEqual([
    "the topic policy was removed",
    `no longer allows everybody to do SNS:Publish on ${TOPIC}`,
  ]);
});

test("a permission on a function is told by the statement it adds, and is gone when it is removed", () => {
  const functionName = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:shop`;
  const request = { functionName, statementId: "backdoor", action: "lambda:InvokeFunction", principal: "*" };
  const statement = JSON.stringify({
    Sid: "backdoor",
    Effect: "Allow",
    Principal: "*",
    Action: "lambda:InvokeFunction",
    Resource: functionName,
  });
  const added = call("lambda:AddPermission20150331v2", { request, response: { statement } });
  expect(told(added)).toEqual({
    kind: "permission backdoor",
    resource: functionName,
    before: "told",
    lines: [`now allows everybody to do lambda:InvokeFunction on ${functionName}`],
  });
  const removed = call("lambda:RemovePermission20150331v2", { request: { functionName, statementId: "backdoor" } });
  expect(told(added, removed)?.lines).toEqual([
    "the permission backdoor was removed",
    `no longer allows everybody to do lambda:InvokeFunction on ${functionName}`,
  ]);
  const byService = {
    ...request,
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn:aws:execute-api:eu-west-1::*",
  };
  expect(told(call("lambda:AddPermission20150331v2", { request: byService }))?.lines).toEqual([
    `now allows apigateway.amazonaws.com to do lambda:InvokeFunction on ${functionName} when ArnLike AWS:SourceArn "arn:aws:execute-api:eu-west-1::*"`,
  ]);
});

test("whether tags of images may be overwritten is told", () => {
  const mutability = (imageTagMutability: string) =>
    call("ecr:PutImageTagMutability", { request: { repositoryName: "shop", imageTagMutability } });
  expect(told(mutability("IMMUTABLE"), mutability("MUTABLE"))?.lines).toEqual([
    'image tag mutability: "IMMUTABLE" → "MUTABLE"',
  ]);
});

test("an approval rule template is told by how many have to approve, and who may", () => {
  const content = (needed: number, members: readonly string[]) =>
    JSON.stringify({
      Version: "2018-11-08",
      DestinationReferences: ["refs/heads/main"],
      Statements: [{ Type: "Approvers", NumberOfApprovalsNeeded: needed, ApprovalPoolMembers: members }],
    });
  const name = { approvalRuleTemplateName: "two-for-main" };
  const made = call("codecommit:CreateApprovalRuleTemplate", {
    request: { ...name, approvalRuleTemplateContent: content(2, ["arn:aws:iam::111122223333:user/ana"]) },
  });
  const changed = call("codecommit:UpdateApprovalRuleTemplateContent", {
    request: { ...name, newRuleContent: content(0, ["*"]) },
  });
  expect(told(made, changed)).toEqual({
    kind: "approval rule template two-for-main",
    resource: "codecommit:approval rule template two-for-main",
    before: "seen",
    lines: [
      "Statements.NumberOfApprovalsNeeded: 2 → 0",
      'Statements.ApprovalPoolMembers: "arn:aws:iam::111122223333:user/ana" was removed',
      'Statements.ApprovalPoolMembers: "*" was added',
    ],
  });
});
