/** `gatebook normalise`: recorded events as Gatebook would record them. */
import { once } from "node:events";
import { Command } from "commander";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { NO_RULES } from "../../lib/core/detections/rule-set.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import { type Complaints, createComplaints, readArrivals, readConfiguration } from "./input.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- normalise test/events
  $ npm run -s gatebook -- normalise trail/*.json.gz | jq -r '[.action, .event.actor.user.uid] | @tsv'

Prints JSON lines: { at, event, action, granted, person?, trace? }. Secrets are redacted as they would be in the evidence.
Says on standard error how many events of which family there were. What is no event, such as a notification, is named and left out.
Exit code 2 if an event could not be read; the rest is printed all the same.`;

export function normaliseCommand(): Command {
  return new Command("normalise")
    .description("print recorded events as OCSF, with the delivery action and how access was granted")
    .argument(
      "<path...>",
      "files or folders: .json, .jsonl, .gz; CloudTrail, EventBridge, webhooks with their headers or without",
    )
    .option("--config <file>", "people and components", "gatebook.yml")
    .option("--json", "JSON lines (always the case)")
    .addHelpText("after", EXAMPLES)
    .action(normalise);
}

async function normalise(paths: string[], { config }: { config: string }): Promise<void> {
  const complaints = createComplaints();
  const settings = { configuration: readConfiguration(config), rules: NO_RULES };
  const record = createRecorder({ settings, index: memoryEventIndex() });
  const families = new Map<string, number>();
  // One at a time: what was printed is forgotten, however much there is.
  for (const { family, ...arrival } of readArrivals(paths, complaints)) {
    const { recorded, rejected } = await record([arrival]);
    for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
    for (const {
      id,
      record: { event, action, granted, person, trace },
    } of recorded) {
      await print(JSON.stringify({ at: id, event, action, granted, person, trace }));
      families.set(family, (families.get(family) ?? 0) + 1);
    }
  }
  console.error(describe(families, complaints));
  if (complaints.count() > 0) process.exitCode = 2;
}

/** Waits for a slow reader of our output, so that what it has not read yet does not pile up here. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
}

function describe(families: ReadonlyMap<string, number>, complaints: Complaints): string {
  const counts = [...families].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const noEvents = complaints.noEvents() === 0 ? "" : `, ${complaints.noEvents()} are no events`;
  const summary = `${total} normalised, ${complaints.count()} could not be read${noEvents}`;
  return [counts.map(([family, count]) => `${family} ${count}`).join(", "), summary].filter(Boolean).join("\n");
}
