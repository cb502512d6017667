/** The Condition element (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). */
import * as z from "zod";
import { AwsError } from "../aws-service.ts";
import { matchesWildcard, policyWildcard } from "./wildcard.ts";

/** Context keys of one request: names in lower case, since they are compared without case. */
export type RequestContext = ReadonlyMap<string, string>;

/** True when the request's context satisfies it. */
export type Condition = (context: RequestContext) => boolean;

/** Does the request's value satisfy one of the policy's values? */
type Comparison = (actual: string, expected: string) => boolean;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["StringEquals", (actual, expected) => actual === expected],
  ["StringEqualsIgnoreCase", (actual, expected) => actual.toLowerCase() === expected.toLowerCase()],
  ["StringLike", (actual, expected) => matchesWildcard(policyWildcard(expected), actual)],
  ["ArnLike", matchesArn],
  // AWS documents the two as the same: wildcards are honoured by both.
  ["ArnEquals", matchesArn],
  ["Bool", (actual, expected) => actual.toLowerCase() === expected.toLowerCase()],
  ["NumericEquals", (actual, expected) => Number(actual) === Number(expected)],
  ["NumericLessThan", (actual, expected) => Number(actual) < Number(expected)],
  ["NumericLessThanEquals", (actual, expected) => Number(actual) <= Number(expected)],
  ["NumericGreaterThan", (actual, expected) => Number(actual) > Number(expected)],
  ["NumericGreaterThanEquals", (actual, expected) => Number(actual) >= Number(expected)],
]);

/** Negated operators hold when none of the values matches, and when the key is absent. */
const NEGATIONS: ReadonlyMap<string, string> = new Map([
  ["StringNotEquals", "StringEquals"],
  ["StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"],
  ["StringNotLike", "StringLike"],
  ["ArnNotLike", "ArnLike"],
  ["ArnNotEquals", "ArnEquals"],
  ["NumericNotEquals", "NumericEquals"],
]);

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Values = z.union([Scalar.transform((one) => [one]), z.array(Scalar)]);

/** @throws AwsError `MalformedPolicyDocument` for an operator that is not known here: it must be neither true nor false in silence. */
export function readConditions(element: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Condition[] {
  return Object.entries(element).flatMap(([operator, keys]) => {
    const compile = readOperator(operator);
    return Object.entries(keys).map(([key, source]) => {
      const values = Values.safeParse(source);
      if (!values.success) throw malformed(`${operator} ${key} needs a value or a list of values.`);
      const variable = values.data.find((value) => value.includes("${"));
      if (variable !== undefined) throw malformed(`Policy variables are not evaluated by the local cloud: ${variable}`);
      return compile(key.toLowerCase(), values.data);
    });
  });
}

type Compile = (key: string, values: readonly string[]) => Condition;

function readOperator(source: string): Compile {
  if (source === "Null") return (key, values) => (context) => values.includes(String(!context.has(key)));
  const parts = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/.exec(source);
  const [, quantifier, name = "", ifExists] = parts ?? [];
  const negated = NEGATIONS.has(name);
  const comparison = COMPARISONS.get(NEGATIONS.get(name) ?? name);
  if (comparison === undefined) throw malformed(`The local cloud does not know the condition operator ${source}.`);
  // A request has one value of a key here, so that the quantifiers differ in one thing: what an absent key means.
  const whenAbsent = ifExists !== undefined || quantifier === "ForAllValues" || (negated && quantifier === undefined);
  return (key, values) => (context) => {
    const actual = context.get(key);
    if (actual === undefined) return whenAbsent;
    return values.some((expected) => comparison(actual, expected)) !== negated;
  };
}

/** Each of the six parts of an ARN is compared on its own, so that a wildcard does not reach over a colon. */
function matchesArn(actual: string, expected: string): boolean {
  const expectedParts = arnParts(expected);
  const actualParts = arnParts(actual);
  return (
    expectedParts.length === actualParts.length &&
    expectedParts.every((part, index) => matchesWildcard(policyWildcard(part), actualParts[index] ?? ""))
  );
}

const ARN_PARTS = 6;

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(":")];
}

function malformed(reason: string): AwsError {
  return new AwsError("MalformedPolicyDocument", 400, reason);
}
