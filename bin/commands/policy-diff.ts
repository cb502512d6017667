/** `gatebook policy diff`: what a change of the policy or of gatebook.yml means, in words. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { Command } from "commander";
import {
  type ChangeGroup,
  type ChangeKind,
  comparePermissions,
  groupChanges,
  type PermissionChange,
} from "../../lib/core/access/compare-permissions.ts";
import { emergencyPermissionsOf, type Permission, permissionsOf } from "../../lib/core/access/permissions.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { POLICY_FOLDER, type PolicyChoice, policyWorld } from "./policy-world.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- policy diff gatebook.yml gatebook.next.yml     the same policies, other people and roles
  $ npm run -s gatebook -- policy diff rules/access /tmp/access           the same people, other policies
  $ npm run -s gatebook -- policy diff ../gatebook-main .                 both: folders that hold gatebook.yml and rules/access

Everybody of both sides is asked about every action in every project and environment, on an ordinary day and without MFA, outside business hours,
of their own work and by break-glass. What changes alike for somebody is one line; exit code 1 where there is a difference.
With --json a line per change: { change, principal, action, place, says }; change is gained, lost, widened, narrowed or changed.`;

interface Options extends PolicyChoice {
  readonly json?: boolean;
}

export function policyDiffCommand(): Command {
  return new Command("diff")
    .description("say in words who may now do what they could not, and the reverse")
    .argument("<old>", "a gatebook.yml, a folder of policies, or a folder that holds both")
    .argument("<new>", "the same, as it will be")
    .option("--policies <dir>", "the policies of both, where files of people are compared", POLICY_FOLDER)
    .option("--config <file>", "the people of both, where folders of policies are compared", "gatebook.yml")
    .option("--json", "JSON lines")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

function run(before: string, after: string, { json, ...choice }: Options): void {
  const [old, now] = [permissionsIn(chosen(before, choice)), permissionsIn(chosen(after, choice))];
  const changes = comparePermissions(old, now);
  if (json) for (const change of changes) console.log(JSON.stringify(change));
  else for (const group of groupChanges(old, now)) console.log(describe(group));
  console.error(changes.length === 0 ? "nobody may do more or less" : summary(changes));
  if (changes.length > 0) process.exitCode = 1;
}

function permissionsIn(choice: PolicyChoice): Permission[] {
  const { configuration, decideFor, access } = policyWorld(choice);
  const decide = decideFor(configuration);
  return [...permissionsOf(configuration, decide, access.policies), ...emergencyPermissionsOf(configuration, decide)];
}

function chosen(path: string, { config, policies }: PolicyChoice): PolicyChoice {
  if (!existsSync(path)) throw new GatebookError("INPUT_INVALID", `${path}: there is no such file or folder`);
  if (!statSync(path).isDirectory()) return { config: path, policies };
  const [own, below] = [join(path, "gatebook.yml"), join(path, POLICY_FOLDER)];
  return existsSync(own) ? { config: own, policies: below } : { config, policies: path };
}

function describe({ change, says }: ChangeGroup): string {
  const isMore = change === "gained" || change === "widened";
  return `${styleText(isMore ? "yellow" : "green", isMore ? "+" : change === "changed" ? "~" : "-")} ${says}`;
}

function summary(changes: readonly PermissionChange[]): string {
  const count = (...kinds: ChangeKind[]): number => changes.filter(({ change }) => kinds.includes(change)).length;
  return `${count("gained", "widened")} permissions more or wider, ${count("lost", "narrowed")} fewer or narrower, ${count("changed")} otherwise`;
}
