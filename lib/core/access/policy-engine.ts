/** Where policies are evaluated. */
import type { AccessQuestion } from "./access-question.ts";

/** A policy as it stands in its file; `text` is Cedar. */
export interface AccessPolicy {
  /** Its annotation `@id`: decisions name it. */
  readonly id: string;
  /** Its annotation `@reason`: a clause that says what it allows or forbids. */
  readonly reason: string;
  readonly effect: "permit" | "forbid";
  readonly text: string;
  /** `rules/access/developers.cedar:3` */
  readonly at: string;
}

/** Plain JSON, checked when the stack is synthesised. `schema` is Cedar too. */
export interface AccessPolicies {
  readonly schema: string;
  readonly policies: readonly AccessPolicy[];
}

/**
 * Answers questions by a set of policies and the entities of one gatebook.yml, both checked before.
 *
 * `policies` are those that decided: the permits that allow it, or the forbids that do not. It is empty where nothing permits it.
 */
export interface PolicyEngine {
  authorise(question: AccessQuestion): { readonly decision: "allow" | "deny"; readonly policies: readonly string[] };
}
