/** `gatebook policy mfa`: who acts with MFA and who without, where gatebook.yml asks for it. */
import { styleText } from "node:util";
import { Command } from "commander";
import type { MfaState } from "../../lib/core/access/mfa.ts";
import { createMfaCensus, type MfaCensus, type MfaRow } from "../../lib/core/access/mfa-census.ts";
import { printable } from "./describe-found.ts";
import { POLICY_FOLDER, type PolicyChoice, policyWorld } from "./policy-world.ts";
import { pastFromFiles, pastFromLog } from "./recorded-past.ts";
import type { StackChoice } from "./running-stack.ts";
import { parseTime } from "./search-world.ts";
import { textTable } from "./text-table.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- policy mfa                      of what the running Gatebook recorded in 90 days
  $ npm run -s gatebook -- policy mfa trail/ --since 2026-09-01
  $ npm run -s gatebook -- policy mfa --json | jq 'select(.is == "unknown")'

mfa.requiredFor of gatebook.yml says where MFA is asked for. A line for each principal and action: no, unknown or yes, how often, and since when.
Unknown is no yes: no source told, by the event, the sign-in, or the account's settings. Exit code 1 where MFA was asked for and missing.`;

interface Options extends PolicyChoice, StackChoice {
  readonly since?: number;
  readonly json?: boolean;
}

export function policyMfaCommand(): Command {
  return new Command("mfa")
    .description("list who acts with MFA and who without, where it is asked for")
    .argument("[path...]", "recorded events; without any, the log of the running stack")
    .option("--since <time>", "24h, 90d, or a time (default: 90d; of files everything)", parseTime)
    .option("--policies <dir>", "folder of policies", POLICY_FOLDER)
    .option("--config <file>", "people, projects, and what needs MFA", "gatebook.yml")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(paths: string[], { since, json, config, policies, ...stack }: Options): Promise<void> {
  const { configuration, control } = policyWorld({ config, policies });
  const census = createMfaCensus(configuration);
  const records = paths.length > 0 ? pastFromFiles(paths, configuration, control) : pastFromLog(stack, since);
  for await (const record of records) if (record.event.time >= (since ?? 0)) census.add(record);
  const rows = census.rows();
  if (json) for (const row of rows) console.log(JSON.stringify({ ...row, ...times(row) }));
  else if (rows.length > 0) console.log(table(rows));
  console.error(summary(census));
  // What could not be read has said so already, with a code of its own.
  if (census.counts().no > 0) process.exitCode ??= 1;
}

const STYLES: Readonly<Record<MfaState, Parameters<typeof styleText>[0]>> = {
  no: ["bold", "red"],
  unknown: ["bold", "yellow"],
  yes: "green",
};

function table(rows: readonly MfaRow[]): string {
  const columns = [
    { heading: "MFA" },
    { heading: "PRINCIPAL" },
    { heading: "ACTION" },
    { heading: "TIMES", align: "right" as const },
    { heading: "SINCE" },
    { heading: "LAST" },
    { heading: "KNOWN FROM" },
  ];
  const cells = rows.map((row) => {
    const { since, last } = times(row);
    const is = styleText(STYLES[row.is], row.is === "yes" ? row.is : row.is.toUpperCase());
    return [is, printable(row.principal), row.action, String(row.times), since, last, row.from];
  });
  return textTable(columns, cells);
}

function times({ since, last }: MfaRow): { readonly since: string; readonly last: string } {
  return { since: new Date(since).toISOString(), last: new Date(last).toISOString() };
}

function summary(census: MfaCensus): string {
  const { no, unknown, yes } = census.counts();
  return `${no + unknown + yes} accesses that need MFA: ${no} without, ${unknown} of which nobody knows, ${yes} with`;
}
