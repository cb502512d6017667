/** Security Hub on AWS: loaded by whoever sends there, since it is larger than all the rest of that function. */
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { securityHubFindings } from "../lib/adapters/security-hub-findings.ts";
import type { FindingSink } from "../lib/core/alerting/finding-sink.ts";

export function securityHub(productArn: string): FindingSink {
  return securityHubFindings({ client: new SecurityHubClient(), productArn });
}
