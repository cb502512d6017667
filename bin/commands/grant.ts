/** `gatebook grant`: roles for minutes to hours, asked for by one person and approved by another. */
import { Command, InvalidArgumentError } from "commander";
import type { AccessPlace } from "../../lib/core/access/access-question.ts";
import { MAX_MINUTES, MIN_MINUTES } from "../../lib/core/grants/grant.ts";
import { describeGrant } from "./describe-grant.ts";
import { changeGrant, listGrants, type ShownGrant } from "./grant-call.ts";
import { type IamCallChoice, withCaller } from "./iam-call.ts";
import { parsePlace } from "./parse-place.ts";

const REQUEST_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- grant request release-manager --on shop/production --for 2h --reason 'INC-42: roll the fix out'
  $ npm run -s gatebook -- grant request reviewer --on shop --for 45m --reason 'Bo is ill' --outputs outputs.json

A release-manager or an administrator of the place, by gatebook.yml and not you, approves it within four hours; else it lapses.
The role holds for what you do there, with all that its policies ask for: business hours, MFA.
Who you are, your AWS credentials say: their ARN is among the identities of a person of gatebook.yml.`;

const APPROVE_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- grant list --open
  $ npm run -s gatebook -- grant approve grant:1795345200000-0b6c41d2

The time runs from now on.`;

const REVOKE_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- grant revoke grant:1795345200000-0b6c41d2 --reason 'done earlier'

Whoever has the role may give it back, and whoever may approve it may take it back. A request is withdrawn in the same way.`;

const LIST_EXAMPLES = `
Examples:
  $ npm run -s gatebook -- grant list
  $ npm run -s gatebook -- grant list --json | jq -r 'select(.state == "active") | .person'
  $ npm run -s gatebook -- search --trace grant:1795345200000-0b6c41d2     all that was done under it

The last seven days. With --json a line per grant: { id, state, person, role, place, minutes, requested, approved, revoked, until }.`;

interface Options extends IamCallChoice {
  readonly json?: boolean;
}

export function grantCommand(): Command {
  return new Command("grant")
    .description("roles for minutes to hours: ask, approve, take back")
    .addCommand(requestCommand())
    .addCommand(approveCommand())
    .addCommand(revokeCommand())
    .addCommand(listCommand());
}

function requestCommand(): Command {
  const command = new Command("request")
    .description("ask for a role of gatebook.yml for a while")
    .argument("<role>", "such as release-manager")
    .requiredOption("--on <place>", "<project>/<environment>, or <project> for all of it", parsePlace)
    .requiredOption("--for <time>", `from ${MIN_MINUTES}m to ${MAX_MINUTES / 60}h`, parseMinutes)
    .requiredOption("--reason <text>", "why; it is recorded");
  return withStack(command)
    .addHelpText("after", REQUEST_EXAMPLES)
    .action(async (role: string, { on, for: minutes, reason, json, ...choice }: RequestOptions) => {
      const { grant, approvers } = await changeGrant({ do: "request", role, place: on, minutes, reason }, choice);
      print(grant, json);
      if (json) return;
      console.log(
        approvers.length === 0
          ? "gatebook.yml names nobody who may approve it"
          : `to be approved by ${approvers.join(" or ")}: gatebook grant approve ${grant.id}`,
      );
    });
}

interface RequestOptions extends Options {
  readonly on: AccessPlace;
  readonly for: number;
  readonly reason: string;
}

function approveCommand(): Command {
  const command = new Command("approve")
    .description("give the role that somebody else asks for")
    .argument("<grant>", "as list prints it")
    .option("--reason <text>", "what speaks for it; it is recorded");
  return withStack(command)
    .addHelpText("after", APPROVE_EXAMPLES)
    .action(async (id: string, { reason, json, ...choice }: Options & { readonly reason?: string }) => {
      const why = reason !== undefined && { reason };
      print((await changeGrant({ do: "approve", grant: id, ...why }, choice)).grant, json);
    });
}

function revokeCommand(): Command {
  const command = new Command("revoke")
    .description("take a role or a request back before its time")
    .argument("<grant>", "as list prints it")
    .requiredOption("--reason <text>", "why; it is recorded");
  return withStack(command)
    .addHelpText("after", REVOKE_EXAMPLES)
    .action(async (id: string, { reason, json, ...choice }: Options & { readonly reason: string }) => {
      print((await changeGrant({ do: "revoke", grant: id, reason }, choice)).grant, json);
    });
}

function listCommand(): Command {
  const command = new Command("list")
    .description("show who has which role for how long, and who asks for one")
    .option("--open", "only what is asked for or in force");
  return withStack(command)
    .addHelpText("after", LIST_EXAMPLES)
    .action(async ({ open, json, ...choice }: Options & { readonly open?: boolean }) => {
      const grants = (await listGrants(choice)).filter(
        ({ state }) => !open || state === "requested" || state === "active",
      );
      for (const grant of grants) print(grant, json);
      if (!json && grants.length === 0)
        console.log(open ? "nothing is asked for or in force" : "no grants in the last seven days");
    });
}

function withStack(command: Command): Command {
  return withCaller(command).option("--json", "a JSON line per grant");
}

function print(grant: ShownGrant, json: boolean | undefined): void {
  console.log(json ? JSON.stringify(grant) : describeGrant(grant));
}

function parseMinutes(text: string): number {
  const [, count = "", unit] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
  const minutes = Number(count) * (unit === "h" ? 60 : 1);
  if (minutes >= MIN_MINUTES && minutes <= MAX_MINUTES) return minutes;
  throw new InvalidArgumentError(`It is a time from ${MIN_MINUTES}m to ${MAX_MINUTES / 60}h, such as 45m or 2h.`);
}
