/** What the access policy says of one access. */
import type { AccessQuestion } from "./access-question.ts";

/** The policies that decided, by id, and why, in a sentence. A deny without policies is one that no policy allows. */
export interface AccessAnswer {
  readonly outcome: "allow" | "deny";
  readonly policies: readonly string[];
  readonly reason: string;
}

/** What was asked is kept, so that another policy can be asked the same. Not applicable is what no policy speaks about. */
export type AccessDecision =
  | (AccessAnswer & {
      readonly questions: readonly AccessQuestion[];
      /** The temporary role that allowed it; of a deny, the one that would have, and was over. */
      readonly grant?: string;
    })
  | { readonly outcome: "not-applicable"; readonly reason: string };
