/** `gatebook prove`: one event and the proof that it is in the log, for anybody to check offline. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { folderLogArchive } from "../../lib/adapters/folder-log-archive.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { LogSource } from "../../lib/core/evidence/log-source.ts";
import { keysOfShards } from "../../lib/core/evidence/shard-keys.ts";
import { shardLog } from "../../lib/core/evidence/shard-stores.ts";
import { formatVerifierKey, type VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { proveEvent, type SignedShard } from "../../lib/core/verify/prove-event.ts";
import { shardsIn } from "../../lib/core/verify/shard-archive.ts";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { stackVerifierKey } from "./stack-verifier-key.ts";
import { chooseKeys } from "./verifier-key.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- prove '#1234'                 entry 1234, as search prints it; '#2/1234' of shard 2
  $ npm run -s gatebook -- prove 4f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01 --out proofs/
  $ npm run -s gatebook -- prove '#1234' --from evidence/ --key verifier-key

Writes <event>.tlog-proof and <event>.json, the entry's own bytes. By an id the whole log is read; by its place it is a few objects.
The event must be signed for: a checkpoint is published each minute.`;

interface Options extends StackChoice {
  readonly from?: string;
  readonly out: string;
  readonly key?: string;
  readonly json?: boolean;
}

export function proveCommand(): Command {
  return new Command("prove")
    .description("write a proof for one event that anybody can check offline")
    .argument(
      "<event>",
      "#<place in the log> (of shard 2: #2/<place>), or the source's own id of the event, as search prints them",
    )
    .option("--out <dir>", "where the two files go; made if it is not there", ".")
    .option("--from <dir>", "a folder that pull has written (default: the running stack)")
    .option("--key <vkey>", "the log's verifier key, or a file that holds it (default: the stack's or the folder's)")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "the files as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(event: string, { from, out, key: given, json, ...choice }: Options): Promise<void> {
  const opened: { log: LogSource; stackKey?: string } =
    from === undefined ? await openStack(choice, given !== undefined) : { log: folderLogArchive(from) };
  const { keys } = await chooseKeys(given ?? opened.stackKey, opened.log);
  const { key, size, entry, proof, uid, ...place } = await proveEvent(await shardsOf(opened.log, keys), event);
  mkdirSync(out, { recursive: true });
  const name = join(out, fileName(uid));
  const files = { entry: `${name}.json`, proof: `${name}.tlog-proof` };
  writeFileSync(files.entry, entry);
  writeFileSync(files.proof, proof);
  const check = `npm run -s gatebook -- verify --proof '${files.proof}' --entry '${files.entry}' --key '${formatVerifierKey(key)}'`;
  const { shard, index } = place;
  const whose = shard === 0 ? "" : ` in shard ${shard}`;
  console.log(
    json
      ? JSON.stringify({ index, ...(shard !== 0 && { shard }), uid, size, ...files, key: formatVerifierKey(key) })
      : `entry ${index} of ${size}${whose}: ${files.entry} and ${files.proof}\nanybody checks them with:\n  ${check}\nor by hand: see docs/evidence-format.md`,
  );
}

/** @throws INPUT_INVALID for a shard that none of the keys is of */
async function shardsOf(log: LogSource, keys: readonly VerifierKey[]): Promise<SignedShard[]> {
  const known = keysOfShards(keys);
  return (await shardsIn(log)).map((shard) => {
    const key = known.get(shard);
    if (key !== undefined) return { shard, log: shardLog(log, shard), key };
    throw new GatebookError(
      "INPUT_INVALID",
      `there is a shard ${shard}: give its key, or the first shard's, with --key`,
    );
  });
}

async function openStack(choice: StackChoice, isKeyGiven: boolean): Promise<{ log: LogSource; stackKey?: string }> {
  const stack = await findRunningStack(choice);
  const log = s3LogSource({ client: stack.s3, bucket: stack.outputs.EvidenceBucket });
  return isKeyGiven ? { log } : { log, stackKey: formatVerifierKey(await stackVerifierKey(stack)) };
}

/** Ids come from outside: none of them names a place outside of the folder. */
function fileName(uid: string): string {
  return (
    uid
      .replace(/[^\w.-]/g, "_")
      .replace(/^\.+/, "_")
      .slice(0, 100) || "event"
  );
}
