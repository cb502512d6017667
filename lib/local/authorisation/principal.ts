/** The Principal element: whom a resource policy is about (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html). */
import * as z from "zod";
import { AwsError } from "../aws-service.ts";

export interface PrincipalElement {
  readonly everyone: boolean;
  /** ARNs of roles and users, compared whole. */
  readonly arns: readonly string[];
  /** Accounts named by number or by their root's ARN. */
  readonly accounts: readonly string[];
  readonly services: readonly string[];
}

const OneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

export const PrincipalSchema = z.union([
  z.literal("*"),
  z.strictObject({
    AWS: OneOrMany.optional(),
    Service: OneOrMany.optional(),
    // Nobody calls the local cloud under a canonical user id, so that naming one matches nobody.
    CanonicalUser: OneOrMany.optional(),
  }),
]);

const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;

export function readPrincipal(source: z.infer<typeof PrincipalSchema>): PrincipalElement {
  if (source === "*") return { everyone: true, arns: [], accounts: [], services: [] };
  const named = source.AWS ?? [];
  const partial = named.find((one) => one !== "*" && one.includes("*"));
  if (partial !== undefined) {
    throw new AwsError("MalformedPolicyDocument", 400, `A principal is named whole or as "*", not as ${partial}.`);
  }
  return {
    everyone: named.includes("*"),
    arns: named.filter((one) => one.startsWith("arn:") && !ACCOUNT.test(one)),
    accounts: named.flatMap((one) => ACCOUNT.exec(one)?.[1] ?? []),
    services: source.Service ?? [],
  };
}

/** How far a Principal element goes for a caller. `account` names its account only, which leaves it to the account's own policies. */
export type PrincipalMatch = "caller" | "account" | "none";

export function matchPrincipal(principal: PrincipalElement, caller: string): PrincipalMatch {
  if (principal.everyone || principal.arns.includes(caller) || principal.services.includes(caller)) return "caller";
  return principal.accounts.includes(accountOf(caller) ?? "") ? "account" : "none";
}

/** Undefined for a service principal, which belongs to no account. */
export function accountOf(caller: string): string | undefined {
  return isService(caller) ? undefined : caller.split(":")[4];
}

export function isService(caller: string): boolean {
  return !caller.startsWith("arn:");
}
