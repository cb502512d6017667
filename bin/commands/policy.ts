/** `gatebook policy`: who may do what, and what the past says about it. */
import { Command } from "commander";
import { policyCheckCommand } from "./policy-check.ts";
import { policyDiffCommand } from "./policy-diff.ts";
import { policyExplainCommand } from "./policy-explain.ts";
import { policyMfaCommand } from "./policy-mfa.ts";
import { policyTestCommand } from "./policy-test.ts";

export function policyCommand(): Command {
  return new Command("policy")
    .description("work on the access policy")
    .addCommand(policyTestCommand())
    .addCommand(policyCheckCommand())
    .addCommand(policyExplainCommand())
    .addCommand(policyDiffCommand())
    .addCommand(policyMfaCommand());
}
