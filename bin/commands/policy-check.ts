/** `gatebook policy check`: what the policy does not cover, what nobody used, and the narrower policy that the past allows. */
import { Command } from "commander";
import { createAccessCensus, unusedPermissions } from "../../lib/core/access/access-census.ts";
import { narrowRoles } from "../../lib/core/access/narrow-roles.ts";
import { permissionsOf } from "../../lib/core/access/permissions.ts";
import { unusedByRoles } from "../../lib/core/access/unused-by-role.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { type CheckedPolicy, describeCheck, linesOfCheck } from "./describe-check.ts";
import { type NarrowerFile, narrowerFile } from "./narrower-file.ts";
import { POLICY_FOLDER, type PolicyChoice, policyWorld } from "./policy-world.ts";
import { PAST_WINDOW, pastFromFiles, pastFromLog } from "./recorded-past.ts";
import type { StackChoice } from "./running-stack.ts";
import { parseTime } from "./search-world.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- policy check                      against what the running Gatebook recorded in 90 days
  $ npm run -s gatebook -- policy check trail/ --since 2026-09-01
  $ npm run -s gatebook -- policy check --patch > narrower.patch && patch -p0 < narrower.patch

Says which accesses no policy speaks about, which permissions nobody used, and which roles of gatebook.yml could go without having denied anything.
The patch is tested before it is printed: applied, read back, and asked about the same past. With --json a line per result:
{ kind: past | uncovered | unused | unused-by-role | unneeded-role | narrower, … }; permissions hold on an ordinary day, in the conditions that they name.`;

interface Options extends PolicyChoice, StackChoice {
  readonly since?: number;
  readonly patch?: boolean;
  readonly json?: boolean;
}

export function policyCheckCommand(): Command {
  return new Command("check")
    .description("compare the access policy with the recorded past")
    .argument("[path...]", "recorded events; without any, the log of the running stack")
    .option("--since <time>", "24h, 90d, or a time (default: 90d; of files everything)", parseTime)
    .option("--policies <dir>", "folder of policies", POLICY_FOLDER)
    .option("--config <file>", "people, projects and roles", "gatebook.yml")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--patch", "only the narrower gatebook.yml, as a patch")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(paths: string[], { patch, json, ...options }: Options): Promise<void> {
  const checked = await check(paths, options);
  const { allow, deny, "not-applicable": other } = checked.counts;
  if (patch) process.stdout.write(patchOf(checked.narrower));
  else for (const line of json ? linesOfCheck(checked) : describeCheck(checked)) console.log(line);
  console.error(`${allow} accesses allowed, ${deny} denied, ${other} that no policy decides about`);
}

function patchOf(narrower: NarrowerFile): string {
  if (narrower.outcome === "tested") return narrower.patch;
  throw new GatebookError("INPUT_INVALID", narrower.reason);
}

async function check(paths: string[], { since: given, config, policies, ...stack }: Options): Promise<CheckedPolicy> {
  const { configuration, control, access, decideFor } = policyWorld({ config, policies });
  const census = createAccessCensus(access.policies);
  const since = given ?? (paths.length > 0 ? 0 : parseTime(PAST_WINDOW));
  const records = paths.length > 0 ? pastFromFiles(paths, configuration, control) : pastFromLog(stack, since);
  for await (const record of records) if (record.event.time >= since) census.add(record);
  const span = census.span();
  if (span === undefined) {
    const advice = "name other files, or look further back with --since";
    throw new GatebookError("INPUT_INVALID", `there is no event to compare the policy with: ${advice}`);
  }
  const asked = census.allowed();
  const narrower = narrowRoles(configuration, asked, decideFor);
  return {
    // A log that began last week says nothing of the months before; what happened last in files is not now.
    span: { first: span.first, last: paths.length > 0 ? span.last : Math.max(span.last, Date.now()) },
    counts: census.counts(),
    uncovered: census.uncovered(),
    unused: unusedPermissions(permissionsOf(configuration, decideFor(configuration), access.policies), asked),
    unusedByRoles: unusedByRoles(configuration, asked, decideFor),
    unneeded: narrower.unneeded,
    narrower: narrowerFile(config, configuration, narrower, { asked, decideFor }),
  };
}
