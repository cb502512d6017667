/** `gatebook review`: who holds which role of gatebook.yml, and whether somebody says that they still should. */
import { Command } from "commander";
import type { ShownCampaign } from "../../lib/core/review/shown-review.ts";
import { describeReview } from "./describe-review.ts";
import { type IamCallChoice, withCaller } from "./iam-call.ts";
import { runReviews, type ShownReviews, showReviews } from "./review-call.ts";
import { decideCommand } from "./review-decide.ts";
import { reviewPatch } from "./review-patch.ts";

const RUN_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- review run

Opens the review of this period where it is not open yet, which the daily look does by itself, and shows it.`;

const SHOW_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- review show
  $ npm run -s gatebook -- review show --project shop --overdue
  $ npm run -s gatebook -- review show --patch > gone.patch && patch -p0 < gone.patch
  $ npm run -s gatebook -- review show --json | jq -r 'select(.isOverdue) | .certifiers[]' | sort -u

The patch takes the roles out of gatebook.yml that somebody decided to remove. With --json a line per role:
{ period, project, environment, person, role, state, certifiers, decision, due, isOverdue }.`;

interface Options extends IamCallChoice {
  readonly json?: boolean;
}

interface ShowOptions extends Options {
  readonly project?: string;
  readonly overdue?: boolean;
  readonly patch?: boolean;
  readonly config: string;
}

export function reviewCommand(): Command {
  return new Command("review")
    .description("access reviews of the roles of gatebook.yml: open, show, decide")
    .addCommand(runCommand())
    .addCommand(showCommand())
    .addCommand(decideCommand());
}

function runCommand(): Command {
  return withCaller(new Command("run").description("open this period's reviews now, and show them"))
    .option("--json", "a JSON line per role")
    .addHelpText("after", RUN_EXAMPLES)
    .action(async ({ json, ...choice }: Options) => print(await runReviews(choice), json));
}

function showCommand(): Command {
  const command = new Command("show")
    .description("who holds what, who certified it, and what is due")
    .option("--project <name>", "of gatebook.yml (default: all)")
    .option("--overdue", "only what is overdue")
    .option("--patch", "only the change to gatebook.yml that was decided, as a patch")
    .option("--config <file>", "that the patch is for", "gatebook.yml");
  return withCaller(command)
    .option("--json", "a JSON line per role")
    .addHelpText("after", SHOW_EXAMPLES)
    .action(async ({ project, overdue, patch, config, json, ...choice }: ShowOptions) => {
      const shown = await showReviews(project, choice);
      if (patch) process.stdout.write(reviewPatch(config, shown.campaigns));
      else print(overdue ? { ...shown, campaigns: shown.campaigns.map(overdueOnly) } : shown, json);
    });
}

function overdueOnly(campaign: ShownCampaign): ShownCampaign {
  return { ...campaign, items: campaign.items.filter(({ isOverdue }) => isOverdue) };
}

function print({ campaigns, unopened }: ShownReviews, json: boolean | undefined): void {
  for (const campaign of campaigns) {
    const { period, items } = campaign;
    if (json) for (const item of items) console.log(JSON.stringify({ period, ...item }));
    else console.log(describeReview(campaign));
  }
  if (unopened.length > 0) {
    console.error(`of this period not open yet: ${unopened.join(", ")}; gatebook review run opens them`);
  }
  const isLeaving = campaigns.some(({ items }) => items.some(({ state }) => state === "to-remove"));
  if (isLeaving) console.error("some roles are to go and still in gatebook.yml: --patch prints the change");
}
