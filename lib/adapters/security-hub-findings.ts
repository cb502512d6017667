/** Findings in Security Hub. */
import { BatchImportFindingsCommand, type SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { FindingSink } from "../core/alerting/finding-sink.ts";
import { toSecurityHubFinding } from "../core/alerting/security-hub-finding.ts";
import { GatebookError } from "../core/errors.ts";

/** @param options.productArn the default product of the account that Gatebook runs in */
export function securityHubFindings(options: {
  readonly client: SecurityHubClient;
  readonly productArn: string;
}): FindingSink {
  const { client, productArn } = options;
  return {
    async put(finding) {
      const { FailedCount = 0, FailedFindings: [failed] = [] } = await client.send(
        new BatchImportFindingsCommand({ Findings: [toSecurityHubFinding(finding, productArn)] }),
      );
      if (FailedCount === 0) return;
      const reason = failed?.ErrorMessage ?? failed?.ErrorCode ?? "no reason given";
      throw new GatebookError("UNAVAILABLE", `Security Hub did not take finding ${finding.uid}: ${reason}`);
    },
  };
}
