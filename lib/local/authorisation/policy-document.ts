/**
 * Reads a policy document, and refuses at once what cannot be evaluated
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).
 */
import * as z from "zod";
import { AwsError } from "../aws-service.ts";
import { type Condition, readConditions } from "./condition.ts";
import { type PrincipalElement, PrincipalSchema, readPrincipal } from "./principal.ts";
import { policyWildcard, type WildcardToken } from "./wildcard.ts";

/** A policy document as it stands in a template: its schema is checked when it is put. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

type Patterns = readonly (readonly WildcardToken[])[];

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** `except` turns the list around: NotAction, NotResource. */
  readonly actions: { readonly except: boolean; readonly patterns: Patterns };
  readonly resources: { readonly except: boolean; readonly patterns: Patterns };
  /** Absent in identity policies. */
  readonly principal?: PrincipalElement;
  readonly conditions: readonly Condition[];
}

const OneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const StatementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: OneOrMany.optional(),
  NotAction: OneOrMany.optional(),
  Resource: OneOrMany.optional(),
  NotResource: OneOrMany.optional(),
  Principal: PrincipalSchema.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const DocumentSchema = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  // Not a union of one and many: its errors would not say what is wrong with which statement.
  Statement: z.preprocess((source) => (Array.isArray(source) ? source : [source]), z.array(StatementSchema)),
});

/**
 * @param kind an identity policy says what its role may do; a resource policy says who may do it.
 * @throws AwsError `MalformedPolicyDocument`, naming what is wrong: a policy that is half understood decides nothing.
 */
export function readPolicy(document: PolicyDocument, kind: "identity" | "resource"): readonly Statement[] {
  const parsed = DocumentSchema.safeParse(document);
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error));
  return parsed.data.Statement.map((statement) => readStatement(statement, kind));
}

function readStatement(source: z.infer<typeof StatementSchema>, kind: "identity" | "resource"): Statement {
  if ((source.Principal === undefined) !== (kind === "identity")) {
    throw malformed(`${kind === "identity" ? "An identity policy has no" : "A resource policy needs a"} Principal.`);
  }
  const conditions = readConditions(source.Condition ?? {});
  return {
    effect: source.Effect,
    // Actions are compared without case, resources with it.
    actions: readPatterns("Action", lower(source.Action), lower(source.NotAction)),
    resources: readPatterns("Resource", source.Resource, source.NotResource),
    ...(source.Principal === undefined ? {} : { principal: readPrincipal(source.Principal) }),
    conditions,
  };
}

function lower(patterns: readonly string[] | undefined): readonly string[] | undefined {
  return patterns?.map((pattern) => pattern.toLowerCase());
}

function readPatterns(
  element: string,
  included: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): Statement["actions"] {
  const patterns = included ?? excluded;
  if (patterns === undefined || (included !== undefined && excluded !== undefined)) {
    throw malformed(`A statement needs ${element} or Not${element}, and not both.`);
  }
  const variable = patterns.find((pattern) => pattern.includes("${"));
  if (variable !== undefined) throw malformed(`Policy variables are not evaluated by the local cloud: ${variable}`);
  return { except: included === undefined, patterns: patterns.map(policyWildcard) };
}

function malformed(reason: string): AwsError {
  return new AwsError("MalformedPolicyDocument", 400, reason);
}
