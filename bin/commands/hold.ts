/** `gatebook hold`: legal holds on evidence, each recorded before it is set. */
import { Command } from "commander";
import { addHold } from "./hold-add.ts";
import { listHolds } from "./hold-list.ts";
import { releaseHold } from "./hold-release.ts";
import { parseTime } from "./search-world.ts";

const ADD_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- hold add --reason 'case 2026-17' --event '#1234'        entry 1234, as search prints it
  $ npm run -s gatebook -- hold add --reason 'case 2026-17' --trace 5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01
  $ npm run -s gatebook -- hold add --reason 'case 2026-17' --since 2026-11-01 --until 2026-11-08 --outputs outputs.json
  $ npm run -s gatebook -- hold add --hold hold:0b6c…                              goes on where an earlier one stopped

Holds every version of what proving these entries takes: their bundles, the tiles from there to the root, their payloads, and the checkpoint.
The hold is an event in the log first. Only entries that the public checkpoint signs can be held: a new one is signed within a minute or two.
Exit code 0: all is held; 1: objects are missing; 2: nothing found, or it could not be finished (the message says how to go on).`;

const RELEASE_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- hold release --hold hold:0b6c… --reason 'case 2026-17 is closed'
  $ npm run -s gatebook -- hold release --hold hold:0b6c…                          goes on where an earlier one stopped

What other holds need stays held. Retention is not touched: nothing can be deleted before its lock ends.
The whole log is read for the other holds.`;

const LIST_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- hold list
  $ npm run -s gatebook -- hold list --check          also looks at each object whether it is held
  $ npm run -s gatebook -- hold list --json | jq -r 'select(.state == "active") | .id'

The whole log is read. With --json a line per hold: { id, state, added, released, ranges, size, checkpoint, objects }.
Exit code 1: with --check, objects of a hold that is active are not held, or missing.`;

export function holdCommand(): Command {
  return new Command("hold")
    .description("legal holds on evidence, recorded in it")
    .addCommand(addCommand())
    .addCommand(releaseCommand())
    .addCommand(listCommand());
}

function addCommand(): Command {
  const add = new Command("add")
    .description("hold all that proves some entries, whatever becomes of their retention")
    .option("--reason <text>", "why; it is recorded")
    .option("--event <event>", "#<place in the log>, or the source's own id of the event")
    .option("--trace <trace>", "one delivery, as search finds it")
    .option("--since <time>", "events from then on: 24h, 7d, or a time such as 2026-11-22T10:00:00Z", parseTime)
    .option("--until <time>", "up to, but without", parseTime)
    .option("--all", "the whole log as it is signed now")
    .option("--hold <id>", "a hold that is recorded already: carries it out");
  return withStack(add).addHelpText("after", ADD_EXAMPLES).action(addHold);
}

function releaseCommand(): Command {
  const release = new Command("release")
    .description("take a hold off everything that no other hold needs")
    .requiredOption("--hold <id>", "as list prints it")
    .option("--reason <text>", "why; it is recorded");
  return withStack(release).addHelpText("after", RELEASE_EXAMPLES).action(releaseHold);
}

function listCommand(): Command {
  return new Command("list")
    .description("show all holds: who, why, when and on what")
    .option("--check", "look at the objects, too")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "a JSON line per hold")
    .addHelpText("after", LIST_EXAMPLES)
    .action(listHolds);
}

function withStack(command: Command): Command {
  return command
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--as <identity>", "who you are, for the record (default: the AWS access key in use)")
    .option("--json", "what was done as one JSON line");
}
