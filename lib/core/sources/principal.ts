/** Who did it, as one name that the index, the rules and the policies share. */
import type { OcsfEvent } from "../record/ocsf.ts";
import { bounded } from "./fields.ts";

/** A DynamoDB partition key holds 2,048 bytes; a character takes up to three. */
const MAX_PRINCIPAL_CHARS = 600;

/**
 * The principal by the source's own name: an ARN (an assumed role's session keeps its sts ARN), an AWS service that CloudTrail saw calling by
 * its DNS name, `github:<login>`, or `service:<name>` where the event names nobody and the service that reports it stands in.
 * Never empty: "unknown" at worst.
 */
export function principalOf({ actor, user }: OcsfEvent): string {
  return boundedPrincipal(actor?.user?.uid || user?.uid || actor?.invoked_by || "unknown");
}

/** By the whole name: whoever assumes a role chooses the session's, which may end like a service's. */
export function isServicePrincipal(principal: string): boolean {
  return SERVICE.test(principal) || /^(service:|gatebook(:|$))/.test(principal);
}

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

/** A principal is a key of the index. */
export function boundedPrincipal(principal: string): string {
  return bounded(principal, MAX_PRINCIPAL_CHARS);
}
