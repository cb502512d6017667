/** A finding in Security Hub's format (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html). */
import { Temporal } from "temporal-polyfill";
import type { Finding, Level } from "../record/finding.ts";
import { oneLine } from "./mail-text.ts";

/** Security Hub refuses longer ones. */
const MAX_TITLE_CHARS = 256;
const MAX_DESCRIPTION_CHARS = 1_024;
const MAX_RECOMMENDATION_CHARS = 512;
const MAX_ID_CHARS = 512;
const MAX_PRODUCT_FIELD_CHARS = 2_048;

type Label = "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
const LABELS: Readonly<Record<Level, Label>> = {
  informational: "INFORMATIONAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  critical: "CRITICAL",
};

/** @param productArn the account's own default product: `arn:aws:securityhub:<region>:<account>:product/<account>/default` */
export function toSecurityHubFinding(finding: Finding, productArn: string) {
  const { uid, rule, level, time, resource, why, next, principal, person, action, operation, event, trace } = finding;
  const [, partition = "aws", , region = "", account = ""] = productArn.split(":");
  const at = Temporal.Instant.fromEpochMilliseconds(time).toString();
  const fields = { principal, person, action, operation, event, trace };
  return {
    SchemaVersion: "2018-10-08" as const,
    // The same finding sent again is the same one there.
    Id: uid,
    ProductArn: productArn,
    GeneratorId: short(`gatebook/${rule.id}`, MAX_ID_CHARS),
    AwsAccountId: account,
    Types: ["Unusual Behaviors/User"],
    CreatedAt: at,
    UpdatedAt: at,
    Severity: { Label: LABELS[level] },
    Title: short(rule.title, MAX_TITLE_CHARS),
    Description: short(`${person ?? principal}: ${operation}. ${why}`, MAX_DESCRIPTION_CHARS),
    ...(next.length > 0 && {
      Remediation: { Recommendation: { Text: short(next.join(" "), MAX_RECOMMENDATION_CHARS) } },
    }),
    ProductFields: Object.fromEntries(
      Object.entries(fields).flatMap(([name, text]) =>
        text === undefined ? [] : [[`gatebook/${name}`, short(text, MAX_PRODUCT_FIELD_CHARS)]],
      ),
    ),
    Resources: [
      { Type: "Other", Id: short(resource ?? principal, MAX_ID_CHARS), Partition: partition as "aws", Region: region },
    ],
    RecordState: "ACTIVE" as const,
  };
}

/** Never empty: Security Hub takes no empty text. */
function short(text: string, max: number): string {
  const line = oneLine(text);
  if (line === "") return "unknown";
  return line.length <= max ? line : `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
