/** The name that a resource gets where the template gives none: the same on every start. */
import { createHash } from "node:crypto";

const DIGEST_DIGITS = 8;

export function physicalName(stackName: string, logicalId: string, maxLength: number): string {
  const digest = createHash("sha256").update(`${stackName}/${logicalId}`).digest("hex").slice(0, DIGEST_DIGITS);
  return `${`${stackName}-${logicalId}`.slice(0, maxLength - DIGEST_DIGITS - 1)}-${digest}`;
}
