/** IAM's credential report (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html). */
import { parse } from "csv-parse/sync";
import * as z from "zod";
import { GatebookError } from "../errors.ts";

/** An account has 5,000 users at most; a row has a few hundred bytes. */
const MAX_REPORT_CHARACTERS = 16 * 1024 * 1024;

/** `N/A`, `no_information` and `not_supported` are all that the report says where there is no date. */
const date = z.string().transform((text) => (Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text)));
const flag = z.string().transform((text) => text.toLowerCase() === "true");

const Row = z.object({
  user: z.string().min(1),
  arn: z.string().min(1),
  user_creation_time: date,
  password_enabled: flag,
  mfa_active: flag,
  access_key_1_active: flag,
  access_key_1_last_rotated: date,
  access_key_1_last_used_date: date,
  access_key_2_active: flag,
  access_key_2_last_rotated: date,
  access_key_2_last_used_date: date,
});

export interface AccessKey {
  /** The report numbers keys and does not name them. */
  readonly number: 1 | 2;
  /** Epoch milliseconds; absent where the report does not say. */
  readonly lastRotated?: number;
  readonly lastUsed?: number;
}

export interface CredentialedUser {
  readonly name: string;
  readonly arn: string;
  readonly isRoot: boolean;
  readonly hasPassword: boolean;
  readonly hasMfa: boolean;
  /** Active ones. */
  readonly accessKeys: readonly AccessKey[];
}

/** @throws GatebookError `INPUT_INVALID`, with the line where there is one */
export function parseCredentialReport(csv: string): CredentialedUser[] {
  if (csv.length > MAX_REPORT_CHARACTERS) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the credential report has ${csv.length} characters; ${MAX_REPORT_CHARACTERS} is the limit`,
    );
  }
  return readRows(csv).map((row, i) => {
    const parsed = Row.safeParse(row);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      // The header is line 1.
      throw new GatebookError(
        "INPUT_INVALID",
        `credential report, line ${i + 2}: ${issue?.path.join(".")}: ${issue?.message}`,
      );
    }
    return toUser(parsed.data);
  });
}

function readRows(csv: string): unknown[] {
  try {
    return parse(csv, { columns: true, skip_empty_lines: true, bom: true });
  } catch (cause) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the credential report is not CSV: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}

function toUser(row: z.infer<typeof Row>): CredentialedUser {
  const isRoot = row.user === "<root_account>";
  const keys = [
    {
      number: 1 as const,
      isActive: row.access_key_1_active,
      rotated: row.access_key_1_last_rotated,
      used: row.access_key_1_last_used_date,
    },
    {
      number: 2 as const,
      isActive: row.access_key_2_active,
      rotated: row.access_key_2_last_rotated,
      used: row.access_key_2_last_used_date,
    },
  ];
  return {
    name: row.user,
    arn: row.arn,
    isRoot,
    // The report says not_supported of root's password, which root always has.
    hasPassword: isRoot || row.password_enabled,
    hasMfa: row.mfa_active,
    accessKeys: keys
      .filter(({ isActive }) => isActive)
      .map(({ number, rotated, used }) => {
        // A key that was never rotated was made with its user at the earliest.
        const lastRotated = rotated ?? row.user_creation_time;
        return {
          number,
          ...(lastRotated !== undefined && { lastRotated }),
          ...(used !== undefined && { lastUsed: used }),
        };
      }),
  };
}
