/** The one thing that the main stack's rules leave out and no other stack's do: what its own function signs. */

/** @param rule as JSON */
export function withoutSigner(rule: string): string {
  return JSON.stringify(JSON.parse(rule, (name, value) => (name === "userIdentity" ? undefined : value)));
}
