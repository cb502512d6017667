/** `gatebook policy test`: the access policies against their own cases. */
import { existsSync } from "node:fs";
import { styleText } from "node:util";
import { Command } from "commander";
import { readPolicyCases } from "../../lib/adapters/policy-cases.ts";
import { testPolicies } from "../../lib/core/access/test-policies.ts";
import { POLICY_FOLDER, type PolicyChoice, policyWorld } from "./policy-world.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- policy test
  $ npm run -s gatebook -- policy test --config gatebook.yml     the cases are then about your own people

allow/<policy>.json and deny/<policy>.json beside the policies each hold a list of cases: { case, person | workload, action, place, context?, policies? }.
The context says what is different from somebody at work in business hours with MFA. Exit code 1 if a case comes out otherwise, or a policy has none.`;

/** What the cases of rules/access are about. */
const EXAMPLE_ORGANISATION = "rules/example-organisation.yml";

export function policyTestCommand(): Command {
  return new Command("test")
    .description("run the access policies against the cases of their allow/ and deny/ folders")
    .option("--policies <dir>", "folder of policies", POLICY_FOLDER)
    .option("--config <file>", "the organisation that the cases are about", defaultConfig())
    .option("--json", "the outcome as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

function defaultConfig(): string {
  return existsSync(EXAMPLE_ORGANISATION) ? EXAMPLE_ORGANISATION : "gatebook.yml";
}

function run({ json, ...choice }: PolicyChoice & { readonly json?: boolean }): void {
  const { configuration, access, decideFor } = policyWorld(choice);
  const left = new Set(configuration.people.flatMap(({ email, left: day }) => (day === undefined ? [] : [email])));
  const files = readPolicyCases(choice.policies);
  const { policies } = access;
  const outcome = testPolicies({ policies, files }, decideFor(configuration), (email) => left.has(email));
  if (json) console.log(JSON.stringify({ policies: policies.length, ...outcome }));
  else for (const { file, message } of outcome.failures) console.log(`${styleText("red", "FAIL")} ${file}: ${message}`);
  console.error(
    `${policies.length} policies, ${outcome.cases} cases, ${outcome.failures.length} not as they should be`,
  );
  if (outcome.failures.length > 0) process.exitCode = 1;
}
