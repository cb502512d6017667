/** `gatebook search`: who did what, when, and how they were let in. */
import { Command, InvalidArgumentError, Option } from "commander";
import { DELIVERY_ACTIONS } from "../../lib/core/record/delivery-action.ts";
import { LEVELS } from "../../lib/core/record/finding.ts";
import { type Found, search } from "../../lib/core/search/search.ts";
import type { SearchQuery } from "../../lib/core/search/search-query.ts";
import { describeFound } from "./describe-found.ts";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { parseTime, searchWorld } from "./search-world.ts";
import { sizeOf } from "./stack-shards.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- search --person ana@acme.example --since 24h
  $ npm run -s gatebook -- search --resource 'arn:aws:secretsmanager:*:secret:shop/prod/*' --action secret.read --since 30d
  $ npm run -s gatebook -- search --trace 5f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01     one delivery, from its commit to its builds' calls
  $ npm run -s gatebook -- search --trace commit:0d1a26e6… --json
  $ npm run -s gatebook -- search --trace none --action deploy.change --since 7d  changes that no delivery accounts for

Without --since, --trace or --principal the last seven days are searched. Texts may hold * and ?.
With --json a line per event: { index, record }, where index is its place in the log, and shard beside it where that is not the first.`;

const DEFAULT_WINDOW_MS = 7 * 24 * 60 * 60 * 1000;

interface Options extends StackChoice, SearchQuery {
  readonly limit?: number;
  readonly json?: boolean;
}

export function searchCommand(): Command {
  return new Command("search")
    .description("find recorded accesses: who, what, when, how")
    .option("--person <email>", "the person behind the principal, by gatebook.yml")
    .option("--principal <name>", "as the source names it: an ARN, github:<login>")
    .option("--resource <name>", "what was accessed")
    .addOption(new Option("--action <action>", "what it meant for the delivery").choices(DELIVERY_ACTIONS))
    .option(
      "--trace <trace>",
      "one delivery, by its execution, commit, pull request or build; none: tied to no delivery",
    )
    .option("--since <time>", "24h, 7d, 30m, or a time such as 2026-11-22T10:00:00Z", parseTime)
    .option("--until <time>", "up to, but without", parseTime)
    .addOption(new Option("--finding <level>", "with a finding of this level or above").choices(LEVELS))
    .option("--limit <n>", "the last n (default: all)", parseCount)
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "whole records as JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run({ limit = Number.POSITIVE_INFINITY, json, to, outputs, ...query }: Options): Promise<void> {
  const stack = await findRunningStack({ ...(to !== undefined && { to }), ...(outputs !== undefined && { outputs }) });
  const world = await searchWorld(stack);
  const isBounded = query.since !== undefined || query.trace !== undefined || query.principal !== undefined;
  const bounded = isBounded && query.trace !== "none" ? query : { since: Date.now() - DEFAULT_WINDOW_MS, ...query };
  const show = (found: Found): void => console.log(json ? JSON.stringify(found) : describeFound(found));
  // Only the last of them: what is printed then has to wait for the end.
  const last: Found[] = [];
  let count = 0;
  for await (const found of search(bounded, world)) {
    count += 1;
    if (limit === Number.POSITIVE_INFINITY) show(found);
    else if (last.push(found) > limit) last.shift();
  }
  last.forEach(show);
  console.error(`${count} found in ${sizeOf(world.shards)} entries of ${stack.outputs.LogOrigin}`);
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Give a number from 1.");
  return Number(text);
}
