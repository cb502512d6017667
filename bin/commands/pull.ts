/** `gatebook pull`: the whole evidence log into a folder, for somebody to verify elsewhere. */
import { join } from "node:path";
import { Command } from "commander";
import { folderLogCopy } from "../../lib/adapters/folder-log-archive.ts";
import { s3LogArchive } from "../../lib/adapters/s3-log-archive.ts";
import { shardPrefix } from "../../lib/core/evidence/shard.ts";
import type { LogArchive } from "../../lib/core/verify/log-archive.ts";
import { type Pulled, pullLog } from "../../lib/core/verify/pull-log.ts";
import { shardArchive, shardsIn } from "../../lib/core/verify/shard-archive.ts";
import { recordOwnEvent } from "./own-event.ts";
import { progressLine } from "./progress.ts";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { configuredShards, formatShardKeys, stackVerifierKey } from "./stack-verifier-key.ts";
import { VERIFIER_KEY_FILE } from "./verifier-key.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- pull evidence/                         from the Gatebook that runs here (npm start)
  $ npm run -s gatebook -- pull evidence/ --outputs outputs.json  from a deployed one (npx cdk deploy Gatebook --outputs-file outputs.json)
  $ npm run -s gatebook -- verify evidence/                       anywhere, without AWS

Copies every checkpoint, tile, entry bundle and payload of every shard, and the verifier keys. A pull that was interrupted goes on where it stopped.
Who pulled is itself recorded, in the next entries of the log.`;

interface Options extends StackChoice {
  readonly as?: string;
  readonly json?: boolean;
}

export function pullCommand(): Command {
  return new Command("pull")
    .description("copy the evidence log to a folder, to verify it elsewhere")
    .argument("<dir>", "made if it is not there")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--as <identity>", "who you are, for the record (default: the AWS access key in use)")
    .option("--json", "the counts as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(directory: string, { as, json, ...choice }: Options): Promise<void> {
  const stack = await findRunningStack(choice);
  // Before anything is copied: whoever stops halfway has seen evidence, too.
  await recordOwnEvent(stack, { type: "evidence.pulled", message: "The evidence log was copied", as });
  const { EvidenceBucket: bucket, LogOrigin } = stack.outputs;
  const archive = s3LogArchive({ client: stack.s3, bucket });
  // Those that there were once, too.
  const present = configuredShards(stack).concat(await shardsIn(archive));
  const shards = [...new Set(present)].sort((one, other) => one - other);
  const keys = formatShardKeys(await stackVerifierKey(stack), shards);
  await folderLogCopy(directory).write(VERIFIER_KEY_FILE, Buffer.from(`${keys}\n`));
  const pulled = { copied: 0, kept: 0, bytes: 0 };
  for (const shard of shards) {
    const { copied, kept, bytes } = await pullShard(archive, shard, directory);
    pulled.copied += copied;
    pulled.kept += kept;
    pulled.bytes += bytes;
  }
  const { copied, kept, bytes } = pulled;
  const what = shards.length === 1 ? LogOrigin : `the ${shards.length} shards of ${LogOrigin}`;
  console.log(
    json
      ? JSON.stringify({ ...pulled, ...(shards.length > 1 && { shards: shards.length }) })
      : `${copied} objects of ${what} copied (${bytes} bytes), ${kept} were there; check them with 'verify ${directory}'`,
  );
}

function pullShard(archive: LogArchive, shard: number, directory: string): Promise<Pulled> {
  const progress = progressLine();
  const whose = shard === 0 ? "" : ` of shard ${shard}`;
  return pullLog(shardArchive(archive, shard), folderLogCopy(join(directory, shardPrefix(shard))), (objects) =>
    progress.show(() => `${objects.toLocaleString("en")} objects${whose}`),
  ).finally(() => progress.end());
}
