/** The account's credential report (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LOCAL_OWNER } from "../../aws-service.ts";

/** In AWS's order; newer reports append columns. */
export const REPORT_COLUMNS = [
  "user",
  "arn",
  "user_creation_time",
  "password_enabled",
  "password_last_used",
  "password_last_changed",
  "password_next_rotation",
  "mfa_active",
  "access_key_1_active",
  "access_key_1_last_rotated",
  "access_key_1_last_used_date",
  "access_key_1_last_used_region",
  "access_key_1_last_used_service",
  "access_key_2_active",
  "access_key_2_last_rotated",
  "access_key_2_last_used_date",
  "access_key_2_last_used_region",
  "access_key_2_last_used_service",
  "cert_1_active",
  "cert_1_last_rotated",
  "cert_2_active",
  "cert_2_last_rotated",
] as const;

export const REPORT_FILE = "credential-report.csv";

/**
 * `credential-report.csv` of the directory as it is, and without it the report of an account that has nobody but root.
 *
 * @throws when the file's columns are not a credential report's.
 */
export async function readCredentialReport(directory: string, createdAt: number): Promise<string> {
  const path = join(directory, REPORT_FILE);
  const report = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (report === undefined) return `${REPORT_COLUMNS.join(",")}\n${rootRow(createdAt)}`;
  const columns = report.split(/\r?\n/, 1)[0]?.split(",") ?? [];
  const missing = REPORT_COLUMNS.find((column, index) => columns[index] !== column);
  if (missing !== undefined) throw new Error(`${path}: the column ${missing} is not where a credential report has it`);
  return report;
}

function rootRow(createdAt: number): string {
  const known: Readonly<Record<string, string>> = {
    user: "<root_account>",
    arn: LOCAL_OWNER,
    user_creation_time: new Date(createdAt).toISOString().replace(/\.\d+Z$/, "+00:00"),
    password_enabled: "not_supported",
    password_last_used: "no_information",
    password_last_changed: "not_supported",
    password_next_rotation: "not_supported",
  };
  return REPORT_COLUMNS.map((column) => known[column] ?? (/_active$/.test(column) ? "false" : "N/A")).join(",");
}
