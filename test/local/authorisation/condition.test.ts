/** Condition operators, from AWS's documented meanings. */
import { describe, expect, test } from "vitest";
import { readConditions } from "../../../lib/local/authorisation/condition.ts";

function holds(element: Record<string, Record<string, unknown>>, context: Record<string, string>): boolean {
  const lower = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return readConditions(element).every((condition) => condition(lower));
}

const QUEUE = "arn:aws:sqs:eu-west-1:000000000000:intake";

describe.each([
  ["StringEquals", "a", "a", "b"],
  ["StringEqualsIgnoreCase", "AbC", "aBc", "b"],
  ["StringLike", "dev/*", "dev/x", "prod/x"],
  ["ArnLike", "arn:aws:sqs:*:*:int*", QUEUE, "arn:aws:sns:eu-west-1:000000000000:intake"],
  ["ArnEquals", QUEUE, QUEUE, "arn:aws:sqs:eu-west-1:000000000000:other"],
  ["Bool", "true", "true", "false"],
  ["NumericEquals", "10", "10.0", "11"],
  ["NumericLessThan", "10", "9", "10"],
  ["NumericLessThanEquals", "10", "10", "11"],
  ["NumericGreaterThan", "10", "11", "10"],
  ["NumericGreaterThanEquals", "10", "10", "9"],
])("%s", (operator, expected, satisfying, failing) => {
  test("holds for what it names and for nothing else", () => {
    expect(holds({ [operator]: { key: expected } }, { key: satisfying })).toBe(true);
    expect(holds({ [operator]: { key: expected } }, { key: failing })).toBe(false);
  });

  test("fails without the key, but with IfExists", () => {
    expect(holds({ [operator]: { key: expected } }, {})).toBe(false);
    expect(holds({ [`${operator}IfExists`]: { key: expected } }, {})).toBe(true);
    expect(holds({ [`${operator}IfExists`]: { key: expected } }, { key: failing })).toBe(false);
  });
});

describe.each([
  "StringNotEquals",
  "StringNotLike",
  "ArnNotLike",
  "ArnNotEquals",
  "NumericNotEquals",
  "StringNotEqualsIgnoreCase",
])("%s", (operator) => {
  test("holds when none of the values is it, and without the key", () => {
    expect(holds({ [operator]: { key: ["1", "2"] } }, { key: "3" })).toBe(true);
    expect(holds({ [operator]: { key: ["1", "2"] } }, { key: "2" })).toBe(false);
    expect(holds({ [operator]: { key: ["1", "2"] } }, {})).toBe(true);
  });
});

test("Null asks whether the key is absent", () => {
  expect(holds({ Null: { key: "true" } }, {})).toBe(true);
  expect(holds({ Null: { key: true } }, { key: "" })).toBe(false);
  expect(holds({ Null: { key: "false" } }, { key: "x" })).toBe(true);
});

test("keys are compared without case, and all of them have to hold", () => {
  const element = { StringEquals: { "S3:X-AMZ-ACL": "private", "aws:SourceAccount": ["1", "2"] } };
  expect(holds(element, { "s3:x-amz-acl": "private", "aws:sourceaccount": "2" })).toBe(true);
  expect(holds(element, { "s3:x-amz-acl": "private", "aws:sourceaccount": "3" })).toBe(false);
});

test("an ARN's wildcard does not reach over a colon", () => {
  expect(holds({ ArnLike: { key: "arn:aws:*:intake" } }, { key: QUEUE })).toBe(false);
});

test("the quantifiers differ in what an absent key means", () => {
  const stage = { "secretsmanager:VersionStage": ["AWSCURRENT"] };
  expect(holds({ "ForAnyValue:StringEquals": stage }, { "secretsmanager:VersionStage": "AWSCURRENT" })).toBe(true);
  expect(holds({ "ForAnyValue:StringEquals": stage }, {})).toBe(false);
  expect(holds({ "ForAllValues:StringEquals": stage }, {})).toBe(true);
});

test.each([
  [{ StringMatches: { key: "a" } }, /StringMatches/],
  [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, /IpAddress/],
  [{ NullIfExists: { key: "true" } }, /NullIfExists/],
  [{ StringEquals: { key: { nested: 1 } } }, /needs a value/],
  [{ StringLike: { key: "$" + "{aws:username}" } }, /variables/],
])("%j is refused when it is put, and decides nothing", (element, reason) => {
  expect(() => readConditions(element)).toThrow(reason);
});
