/** `gatebook key`: the line with which everybody can verify what this log signs. */
import { Command } from "commander";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { configuredShards, formatShardKeys, stackVerifierKey } from "./stack-verifier-key.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- key
  $ npx gatebook key --outputs outputs.json

Prints name+id+key, a line for each shard of the log, as KMS gives it (https://c2sp.org/signed-note#verifier-keys). Hand it to auditors yourself: a key that lies beside what it
verifies proves nothing. Takes kms:GetPublicKey.`;

export function keyCommand(): Command {
  return new Command("key")
    .description("print the log's verifier key, for whoever is to verify the log")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .addHelpText("after", EXAMPLES)
    .action(async (choice: StackChoice) => {
      const stack = await findRunningStack(choice);
      console.log(formatShardKeys(await stackVerifierKey(stack), configuredShards(stack)));
    });
}
