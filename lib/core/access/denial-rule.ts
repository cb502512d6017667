/** The rule ids of findings that the access policies made, not a detection rule. */

/** What follows is the policy that forbids, or `not-allowed`. */
export const DENIAL_PREFIX = "policy:";

export function isDenial(rule: string): boolean {
  return rule.startsWith(DENIAL_PREFIX);
}
