/** `gatebook break-glass`: what was done with the access that is kept for emergencies, and why. */
import { Command } from "commander";
import { explainBreakGlass, listBreakGlass } from "./break-glass-call.ts";
import { describeUse } from "./describe-break-glass.ts";
import { type IamCallChoice, withCaller } from "./iam-call.ts";

const LIST_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- break-glass list
  $ npm run -s gatebook -- break-glass list --all --json | jq -r 'select(.state == "overdue") | .session'

What is to be explained comes first, the oldest before the others. With --json a line per use:
{ session, state, since, until, due, accesses, isMore, people, others, first, explained }.`;

const EXPLAIN_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- break-glass explain arn:aws:sts::111122223333:assumed-role/break-glass/ana --reason 'INC-42: the pipeline was down'
  $ npm run -s gatebook -- break-glass explain 4f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01 --reason 'the drill of November' --ticket OPS-17
  $ npm run -s gatebook -- break-glass explain '#1234' --reason 'INC-42' --outputs outputs.json

All that the session has done so far, as it is recorded; what it does later is to be explained again. CloudTrail tells some minutes late.
Anybody of gatebook.yml may explain, whoever used it or not: which of the two, the record says.
Who you are, your AWS credentials say: their ARN is among the identities of a person of gatebook.yml.`;

interface Options extends IamCallChoice {
  readonly json?: boolean;
}

export function breakGlassCommand(): Command {
  return new Command("break-glass")
    .description("emergency access: what was done with it, and why")
    .addCommand(listCommand())
    .addCommand(explainCommand());
}

function listCommand(): Command {
  const command = new Command("list")
    .description("show what is to be explained")
    .option("--all", "what was explained, too");
  return withCaller(command)
    .option("--json", "a JSON line per use")
    .addHelpText("after", LIST_EXAMPLES)
    .action(async ({ all = false, json, ...choice }: Options & { readonly all?: boolean }) => {
      const { uses, isCut } = await listBreakGlass({ ...choice, all });
      for (const use of uses) console.log(json ? JSON.stringify(use) : describeUse(use));
      if (!json && uses.length === 0)
        console.log(all ? "break-glass access was never used" : "nothing is to be explained");
      if (isCut) {
        console.error(
          "gatebook: there are more sessions than are looked at: this is of the latest alone, and older ones may be open",
        );
      }
    });
}

function explainCommand(): Command {
  const command = new Command("explain")
    .description("say why it was used; it is recorded")
    .argument("<use>", "a session as list prints it, or an event of it: its id, or #<place in the log>")
    .requiredOption("--reason <text>", "why")
    .option("--ticket <reference>", "where more is said");
  return withCaller(command)
    .option("--json", "the use as a JSON line")
    .addHelpText("after", EXPLAIN_EXAMPLES)
    .action(async (named: string, { reason, ticket, json, ...choice }: ExplainOptions) => {
      const given = { use: named, reason, ...(ticket !== undefined && { ticket }) };
      const { use, already } = await explainBreakGlass(given, choice);
      console.log(json ? JSON.stringify(use) : describeUse(use));
      if (already)
        console.error("gatebook: it was explained already, and nothing was done since: nothing new is recorded");
    });
}

interface ExplainOptions extends Options {
  readonly reason: string;
  readonly ticket?: string;
}
