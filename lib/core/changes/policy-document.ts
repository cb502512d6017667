/** A policy document as single grants (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). */
import { isObject, type JsonObject } from "../sources/json.ts";
import { canonicalText } from "./canonical-text.ts";

/** What one statement says. Texts are as a person reads them, and equal where the meaning is. */
export interface Statement {
  readonly effect: string;
  /** A single empty text where the document belongs to a principal, and names none. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** A single empty text where none is named, as in a trust policy. */
  readonly resources: readonly string[];
  /** Empty where there is none. */
  readonly condition: string;
}

export const EVERYBODY = "everybody";
/** The effect of a statement that cannot be read. */
export const UNREAD = "?";
export const ALL_BUT = "all but ";
const DEFAULT_LANGUAGE = "2008-10-17";
const ACCOUNT = /^\d{12}$/;

export function isPolicyDocument(value: unknown): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, "Statement");
}

/** Nothing for null: a policy that is not there says nothing. */
export function statementsOf(document: unknown): readonly Statement[] {
  if (!isPolicyDocument(document)) return [];
  return asList(document["Statement"]).map(statementOf);
}

/** The version of the language, which decides whether `${aws:username}` is a variable. */
export function languageOf(document: unknown): string | undefined {
  if (!isPolicyDocument(document)) return undefined;
  const version = document["Version"];
  return typeof version === "string" ? version : DEFAULT_LANGUAGE;
}

function statementOf(value: unknown): Statement {
  if (!isObject(value) || !hasItsParts(value)) {
    const unread = `what cannot be read: ${canonicalText(value)}`;
    return { effect: UNREAD, principals: [""], actions: [unread], resources: [""], condition: "" };
  }
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = value;
  return {
    effect: textOf(Effect),
    principals: principalsOf(value),
    actions: namesOf(Action, NotAction),
    resources: namesOf(Resource, NotResource),
    condition: conditionOf(Condition),
  };
}

/** What AWS would refuse is told as it is written: read in part, the rest of it would be hidden. */
function hasItsParts(statement: JsonObject): boolean {
  const { Effect, Action, NotAction, Principal, NotPrincipal, Resource, NotResource } = statement;
  const isTwice = (one: unknown, other: unknown) => one !== undefined && other !== undefined;
  if (isTwice(Action, NotAction) || isTwice(Principal, NotPrincipal) || isTwice(Resource, NotResource)) return false;
  return typeof Effect === "string" && (Action !== undefined || NotAction !== undefined);
}

function principalsOf({ Principal, NotPrincipal }: JsonObject): readonly string[] {
  if (NotPrincipal !== undefined) return [`${EVERYBODY} but ${principalNames(NotPrincipal).join(", ")}`];
  return Principal === undefined ? [""] : principalNames(Principal);
}

function principalNames(principal: unknown): readonly string[] {
  if (!isObject(principal)) return distinct(asList(principal).map((each) => principalName("AWS", textOf(each))));
  return distinct(
    Object.entries(principal).flatMap(([type, names]) =>
      asList(names).map((name) => principalName(type, textOf(name))),
    ),
  );
}

function principalName(type: string, name: string): string {
  if (type === "Service") return name;
  if (type !== "AWS") return `${KINDS.get(type) ?? type} ${name}`;
  if (name === "*") return EVERYBODY;
  // AWS stores an account's number as the ARN of its root.
  return ACCOUNT.test(name) ? `arn:aws:iam::${name}:root` : name;
}

const KINDS = new Map([
  ["Federated", "whoever signs in by"],
  ["CanonicalUser", "canonical user"],
]);

function namesOf(names: unknown, allBut: unknown): readonly string[] {
  if (allBut !== undefined) return [`${ALL_BUT}${distinct(asList(allBut).map(textOf)).join(", ")}`];
  return names === undefined ? [""] : distinct(asList(names).map(textOf));
}

/** Values are quoted, so that one value never reads as two. */
function conditionOf(condition: unknown): string {
  if (condition === undefined) return "";
  if (!isObject(condition)) return canonicalText(condition);
  return Object.keys(condition)
    .sort()
    .flatMap((operator) => testsOf(operator, condition[operator]))
    .join(" and ");
}

function testsOf(operator: string, tests: unknown): readonly string[] {
  if (!isObject(tests)) return [`${operator} ${canonicalText(tests)}`];
  return Object.keys(tests)
    .sort()
    .map((key) => {
      const values = distinct(asList(tests[key]).map((value) => JSON.stringify(textOf(value))));
      return `${operator} ${key} ${values.join(" or ")}`;
    });
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : canonicalText(value);
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
