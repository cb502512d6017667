/** `gatebook review decide`: somebody keeps a role, or is to lose it. */
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import type { AccessPlace } from "../../lib/core/access/access-question.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { Verdict } from "../../lib/core/review/campaign.ts";
import { describeItem, ReviewItem } from "../../lib/core/review/review-item.ts";
import { printable } from "./describe-found.ts";
import { type IamCallChoice, withCaller } from "./iam-call.ts";
import { parsePlace } from "./parse-place.ts";
import { decideReview, showReviews } from "./review-call.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- review decide bo@acme.example release-manager shop --keep --reason 'still leads the releases'
  $ npm run -s gatebook -- review decide di@acme.example deployer shop/production --remove --reason 'moved to the till'
  $ npm run -s gatebook -- review decide --all-of shop --keep --reason 'gone through with the team'

Certified by those whom the project's certifiers name in gatebook.yml, else by its administrators, else by its release managers; nobody certifies themselves.
The latest decision counts. A role that is to go goes with the next change of gatebook.yml: review show --patch prints it.
Who you are, your AWS credentials say: their ARN is among the identities of a person of gatebook.yml. With --json a line per role.`;

interface Options extends IamCallChoice {
  readonly keep?: boolean;
  readonly remove?: boolean;
  readonly reason: string;
  readonly allOf?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function decideCommand(): Command {
  const command = new Command("decide")
    .description("certify a role that somebody holds, or have it taken away")
    .argument("[person]", "e-mail address")
    .argument("[role]", "such as release-manager")
    .argument("[place]", "<project>, or <project>/<environment>", parsePlace)
    .option("--keep", "they still need it")
    .option("--remove", "they do not")
    .requiredOption("--reason <text>", "why; it is recorded")
    .option("--all-of <project>", "all that is open there and yours to certify, instead of one")
    .option("--yes", "do not ask before all of them are certified");
  return withCaller(command).option("--json", "a JSON line per role").addHelpText("after", EXAMPLES).action(decide);
}

async function decide(
  person: string | undefined,
  role: string | undefined,
  place: AccessPlace | undefined,
  { keep, remove, reason, allOf, yes, json, ...choice }: Options,
): Promise<void> {
  if ((keep === true) === (remove === true)) throw bad("say --keep or --remove, and one of them alone");
  const verdict = keep === true ? "keep" : "remove";
  const asked =
    allOf === undefined
      ? oneItem(person, role, place)
      : await allItems(allOf, { verdict, yes, isOne: !!person }, choice);
  const [first] = asked;
  if (first === undefined) return console.error(`nothing is open in ${allOf} that is yours to certify`);
  const items = asked.map(({ project: _, ...item }) => item);
  const decided = await decideReview({ project: first.project, items, verdict, reason }, choice);
  for (const item of decided) {
    console.log(json ? JSON.stringify({ ...item, verdict }) : printable(`${WORDS[verdict]}: ${describeItem(item)}`));
  }
  console.error("review show knows it in a few seconds");
}

const WORDS: Readonly<Record<Verdict, string>> = { keep: "certified", remove: "to be removed" };

function oneItem(person?: string, role?: string, place?: AccessPlace): ReviewItem[] {
  if (person === undefined || role === undefined || place === undefined) {
    throw bad("name the person, the role and the place, or --all-of a project");
  }
  return [{ person, role, ...place }];
}

async function allItems(
  project: string,
  { verdict, yes, isOne }: { readonly verdict: Verdict; readonly yes: boolean | undefined; readonly isOne: boolean },
  choice: IamCallChoice,
): Promise<ReviewItem[]> {
  if (isOne) throw bad("name one role, or --all-of a project, and not both");
  if (verdict === "remove") throw bad("--all-of certifies: roles are taken away one by one");
  const { campaigns, you } = await showReviews(project, choice);
  if (you === undefined) throw bad("you are nobody of gatebook.yml: list your ARN among the identities of who you are");
  const items = campaigns
    .flatMap((campaign) => campaign.items)
    .filter(({ state, certifiers }) => state === "open" && certifiers.includes(you))
    .map((item) => ReviewItem.parse(item));
  for (const item of items) console.error(printable(`  ${describeItem(item)}`));
  if (items.length > 0 && yes !== true) await confirm(`Do all of these ${items.length} still need it? (yes) `);
  return items;
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw bad("nobody can be asked here whether you have looked at all of them: say --yes");
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input, or Ctrl-C, is no yes.
  const answer = await asking.question(question).catch(() => "");
  asking.close();
  if (answer.trim() !== "yes") throw bad("nothing was certified: certify one by one what you are sure of");
}

function bad(message: string): GatebookError {
  return new GatebookError("INPUT_INVALID", message);
}
