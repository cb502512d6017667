/** `gatebook normalise`: recorded events as Gatebook would record them. */
import { Command } from "commander";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import { createRecorder } from "../../lib/core/record/recorder.ts";
import { createComplaints, readArrivals, readConfiguration } from "./input.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- normalise test/events
  $ npm run -s gatebook -- normalise trail/*.json.gz | jq -r '[.action, .event.actor.user.uid] | @tsv'

Prints JSON lines: { at, event, action, granted, person?, trace? }. Secrets are redacted as they would be in the evidence.
Exit code 2 if anything could not be read; the rest is printed all the same.`;

export function normaliseCommand(): Command {
  return new Command("normalise")
    .description("print recorded events as OCSF, with the delivery action and how access was granted")
    .argument("<path...>", "files or folders: .json, .jsonl, .gz; CloudTrail, EventBridge, webhooks with their headers")
    .option("--config <file>", "people and components", "gatebook.yml")
    .option("--json", "JSON lines (always the case)")
    .addHelpText("after", EXAMPLES)
    .action(normalise);
}

async function normalise(paths: string[], { config }: { config: string }): Promise<void> {
  const complaints = createComplaints();
  const settings = { configuration: readConfiguration(config), rules: [] };
  const record = createRecorder({ settings, index: memoryEventIndex() });
  let count = 0;
  for (const arrival of readArrivals(paths, complaints)) {
    const { recorded, rejected } = await record([arrival]);
    for (const { id, reason } of rejected) complaints.addRecord({ at: id, problem: reason });
    for (const {
      id,
      record: { event, action, granted, person, trace },
    } of recorded) {
      console.log(JSON.stringify({ at: id, event, action, granted, person, trace }));
      count++;
    }
  }
  console.error(`${count} normalised, ${complaints.count()} could not be read`);
  if (complaints.count() > 0) process.exitCode = 2;
}
