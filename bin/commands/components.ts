/** `gatebook components`: the parts of the delivery that were seen used, and what gatebook.yml does not say about them yet. */
import { Command, Option } from "commander";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { COMPONENT_KINDS } from "../../lib/core/components/component-kind.ts";
import { proposeComponents } from "../../lib/core/components/propose-components.ts";
import { createCensus, type SeenComponent } from "../../lib/core/components/seen-components.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { NO_RULES } from "../../lib/core/detections/rule-set.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import { createComplaints, readArrivals, readConfiguration } from "./input.ts";
import { pastFromLog } from "./recorded-past.ts";
import type { StackChoice } from "./running-stack.ts";
import { parseTime } from "./search-world.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- components                     what the running Gatebook has seen in 90 days
  $ npm run -s gatebook -- components --unclassified --kind secret
  $ npm run -s gatebook -- components trail/              from recorded events
  $ npm run -s gatebook -- components --propose > proposal.yml

A component is classified where a component or project of gatebook.yml names it. --propose prints a block to review and paste there.
With --json a line per component: { kind, name, uses, first, last, users, classified? }, times in epoch milliseconds.`;

const USERS_SHOWN = 3;

interface Options extends StackChoice {
  readonly since?: number;
  readonly config: string;
  readonly kind?: SeenComponent["kind"];
  readonly unclassified?: boolean;
  readonly propose?: boolean;
  readonly json?: boolean;
}

export function componentsCommand(): Command {
  return new Command("components")
    .description(
      "list deploy roles, pipelines, secrets, state buckets and registries seen used, and propose what to classify",
    )
    .argument("[path...]", "recorded events; without any, the log of the running stack")
    .option("--since <time>", "24h, 90d, or a time (default: 90d; of files everything)", parseTime)
    .addOption(new Option("--kind <kind>", "of this kind alone").choices(COMPONENT_KINDS))
    .option("--unclassified", "those alone that gatebook.yml does not name")
    .option("--propose", "a components block for gatebook.yml, of what is not classified")
    .option("--config <file>", "what is classified already", "gatebook.yml")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const configuration = readConfiguration(options.config);
  const census = createCensus(configuration);
  const records = paths.length > 0 ? fromFiles(paths, configuration) : pastFromLog(options, options.since);
  for await (const record of records) census.add(record);
  const seen = census
    .result()
    .filter(({ kind, classified }) => (options.kind ?? kind) === kind && !(options.unclassified && classified));
  if (options.propose) console.log(proposeComponents(seen) ?? "# Everything that was seen is classified.");
  else for (const component of seen) console.log(options.json ? JSON.stringify(component) : describe(component));
  const open = seen.filter(({ classified }) => classified === undefined).length;
  console.error(`${seen.length} components seen, ${open} not classified`);
}

/** One by one: what belongs together makes no difference here, and years of log files fit in memory. */
async function* fromFiles(paths: readonly string[], configuration: Configuration): AsyncGenerator<AuditRecord> {
  const complaints = createComplaints();
  const record = createRecorder({ settings: { configuration, rules: NO_RULES }, index: memoryEventIndex() });
  for (const arrival of readArrivals(paths, complaints)) {
    const { recorded, rejected } = await record([arrival]);
    for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
    for (const each of recorded) yield each.record;
  }
  if (complaints.count() > 0) process.exitCode = 2;
}

function describe({ kind, name, uses, last, users, classified }: SeenComponent): string {
  const top = users.slice(0, USERS_SHOWN).map(({ who, uses: times }) => `${who} (${times})`);
  const more = users.length > top.length ? `, and ${users.length - top.length} more` : "";
  return [
    `${classified === undefined ? "NOT CLASSIFIED" : classified}  ${kind}  ${name}`,
    `    used ${uses === 1 ? "once" : `${uses} times`}, last ${new Date(last).toISOString()}, by ${top.join(", ")}${more}`,
  ].join("\n");
}
