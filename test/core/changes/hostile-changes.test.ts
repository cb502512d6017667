/** Hostile states and events: any JSON is described, within bounds and without an error, and nothing is hidden by how it is written. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PIPELINE } from "../../../lib/core/changes/change.ts";
import { describeChange } from "../../../lib/core/changes/describe-change.ts";
import { policyDifference } from "../../../lib/core/changes/policy-difference.ts";
import { call, expectWithinBounds, gitHub, gitLab, subjectOf } from "./told.ts";

const KINDS = [PIPELINE, "bucket policy", "attached policy arn", "permission x", "build project", ""];

/** Members that readers look for, with values that no service writes there. */
const names = fc.constantFrom(
  ...[
    "Statement",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "Condition",
    "Version",
    "AWS",
  ],
  ...["stages", "actions", "actionTypeId", "category", "provider", "configuration", "name", "version", "roleArn"],
  ...["__proto__", "constructor", "toString", "valueOf", "length", "key", "type", "from", "to", "changes", "rule"],
  ...["rules", "added", "updated", "repository", "team", "member", "action", "permissions", "owner", "login"],
);
const leaf = fc.oneof(
  fc.constantFrom(
    "Allow",
    "Deny",
    "*",
    "s3:*",
    "111122223333",
    "Approval",
    "edited",
    "deleted",
    "a\nb",
    "[redacted:token]",
  ),
  fc.constantFrom(1, -0, null, true, ""),
  fc.string(),
);
const { state } = fc.letrec((tie) => ({
  state: fc.oneof({ maxDepth: 6 }, leaf, tie("object"), tie("list")),
  list: fc.array(tie("state"), { maxLength: 4 }),
  // From text, as it arrives: `__proto__` is then a member like any other.
  object: fc.array(fc.tuple(names, tie("state")), { maxLength: 6 }).map((members) => Object.fromEntries(members)),
}));
const anyState = fc.oneof(state, fc.jsonValue());
const kind = fc.constantFrom(...KINDS);

test("any two JSON values are described within the bounds, told or seen, whatever they are said to be", () => {
  const given = fc.tuple(kind, anyState, fc.option(anyState, { nil: undefined }), fc.boolean());
  fc.assert(
    fc.property(given, ([what, after, before, isTold]) => {
      const subject = { kind: what, resource: "it", after, ...(isTold && before !== undefined && { before }) };
      const changes = describeChange(subject, before);
      expectWithinBounds(changes.lines);
      expect(changes.before).toBe(before === undefined ? "unknown" : isTold ? "told" : "seen");
    }),
    { numRuns: 2_000 },
  );
});

test("what is equal did not change", () => {
  fc.assert(
    fc.property(kind, anyState, (what, after) => {
      const before = JSON.parse(JSON.stringify(after));
      expect(describeChange({ kind: what, resource: "it", after: before }, after).lines).toEqual(["nothing changed"]);
    }),
    { numRuns: 1_000 },
  );
});

test("two policies whose long names begin alike are two things", () => {
  const kindOf = (end: string) =>
    subjectOf(
      call("iam:PutRolePolicy", {
        request: { roleName: "x", policyName: "n".repeat(400) + end, policyDocument: "{}" },
      }),
    );
  expect(kindOf("a")?.kind).not.toBe(kindOf("b")?.kind);
  expect(kindOf("a")?.kind).toHaveLength(300);
});

test("without lists, whose order is left aside, whatever differs is told", () => {
  const flat = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf)), { maxKeys: 4 });
  fc.assert(
    fc.property(fc.constantFrom("thing", PIPELINE), flat, flat, (what, before, after) => {
      const isEqual = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
      const { lines } = describeChange({ kind: what, resource: "it", after }, before);
      expect(lines.join() === "nothing changed").toBe(isEqual);
    }),
  );
});

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}

const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Principal: fc.constantFrom("*", { AWS: "111122223333" }, { Service: "a.amazonaws.com" }),
  Action: fc.uniqueArray(fc.constantFrom("s3:GetObject", "s3:PutObject", "s3:*"), { minLength: 1 }),
  Resource: fc.uniqueArray(fc.constantFrom("arn:a", "arn:b"), { minLength: 1 }),
});

test("policies that grant the same are the same, in any order and however they are split, and others never", () => {
  const split = (statements: readonly { Action: string[]; Resource: string[] }[]) =>
    statements.flatMap((each) =>
      each.Action.flatMap((Action) => each.Resource.map((Resource) => ({ ...each, Action, Resource }))),
    );
  const policy = fc.array(statement, { maxLength: 5 });
  fc.assert(
    fc.property(policy, policy, (before, after) => {
      const [was, is] = [split(before), split(after)];
      expect(policyDifference({ Statement: before }, { Statement: was.toReversed() })).toEqual([]);
      const texts = (each: readonly object[]) => [...new Set(each.map((one) => JSON.stringify(one)))].sort().join();
      const isEqual = texts(was) === texts(is);
      expect(policyDifference({ Statement: before }, { Statement: after }).length === 0).toBe(isEqual);
    }),
  );
});

test("any JSON in the place of a request, an answer or a webhook's payload is read or passed over", () => {
  const operations = fc.constantFrom(
    ...["codepipeline:UpdatePipeline", "codebuild:UpdateProject", "codebuild:UpdateWebhook", "s3:PutBucketAcl"],
    ...["s3:PutBucketPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:CreateRole"],
    ...["lambda:AddPermission20150331v2", "sqs:SetQueueAttributes", "codecommit:UpdateApprovalRuleTemplateContent"],
  );
  const parameters = fc.constantFrom(
    ...[
      "pipeline",
      "project",
      "policyDocument",
      "policyName",
      "policyArn",
      "policyVersion",
      "versionId",
      "setAsDefault",
    ],
    ...["bucketName", "bucketPolicy", "AccessControlPolicy", "AccessControlList", "Grant", "Grantee", "x-amz-acl"],
    ...[
      "x-amz-grant-read",
      "statementId",
      "statement",
      "principal",
      "attributes",
      "Policy",
      "queueUrl",
      "newRuleContent",
    ],
  );
  const members = fc.dictionary(parameters, anyState, { maxKeys: 8 });
  fc.assert(
    fc.property(operations, members, members, (operation, request, response) => {
      const subject = subjectOf(call(operation, { request, response }));
      if (subject !== undefined) expectWithinBounds(describeChange(subject, undefined).lines);
    }),
    { numRuns: 1_000 },
  );
  const events = fc.constantFrom(
    "branch_protection_rule",
    "repository_ruleset",
    "repository",
    "member",
    "team",
    "deploy_key",
  );
  const payload = fc.dictionary(names, anyState, { maxKeys: 8 });
  fc.assert(
    fc.property(events, payload, (event, body) => {
      for (const subject of [
        subjectOf(gitHub(event, body)),
        subjectOf(gitLab({ event_name: "project_update", ...body })),
      ]) {
        if (subject !== undefined) expectWithinBounds(describeChange(subject, undefined).lines);
      }
    }),
    { numRuns: 1_000 },
  );
});
