/** `gatebook pull`: the whole evidence log into a folder, for somebody to verify elsewhere. */
import { randomUUID } from "node:crypto";
import { Command } from "commander";
import { folderLogCopy } from "../../lib/adapters/folder-log-archive.ts";
import { s3LogArchive } from "../../lib/adapters/s3-log-archive.ts";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { pullLog } from "../../lib/core/verify/pull-log.ts";
import { progressLine } from "./progress.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";
import { stackVerifierKey } from "./stack-verifier-key.ts";
import { VERIFIER_KEY_FILE } from "./verifier-key.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- pull evidence/                         from the Gatebook that runs here (npm start)
  $ npm run -s gatebook -- pull evidence/ --outputs outputs.json  from a deployed one (npx cdk deploy Gatebook --outputs-file outputs.json)
  $ npm run -s gatebook -- verify evidence/                       anywhere, without AWS

Copies every checkpoint, tile, entry bundle and payload, and the verifier key. A pull that was interrupted goes on where it stopped.
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
  await recordPull(stack, as);
  const { EvidenceBucket: bucket, LogOrigin } = stack.outputs;
  const copy = folderLogCopy(directory);
  await copy.write(VERIFIER_KEY_FILE, Buffer.from(`${await stackVerifierKey(stack)}\n`));
  const progress = progressLine();
  const archive = s3LogArchive({ client: stack.s3, bucket });
  const pulled = await pullLog(archive, copy, (objects) =>
    progress.show(() => `${objects.toLocaleString("en")} objects`),
  ).finally(() => progress.end());
  const { copied, kept, bytes } = pulled;
  console.log(
    json
      ? JSON.stringify(pulled)
      : `${copied} objects of ${LogOrigin} copied (${bytes} bytes), ${kept} were there; check them with 'verify ${directory}'`,
  );
}

async function recordPull({ sqs, s3, outputs }: RunningStack, as: string | undefined): Promise<void> {
  const messages = s3MessageStore({ client: s3, bucket: outputs.MessageBucket });
  const intake = sqsIntakeQueue({ client: sqs, queueUrl: outputs.IntakeQueueUrl, messages });
  const { accessKeyId } = await s3.config.credentials();
  const event = {
    v: 1,
    kind: "gatebook",
    uid: `pull:${randomUUID()}`,
    time: Date.now(),
    type: "evidence.pulled",
    principal: as ?? `access-key:${accessKeyId}`,
    resource: outputs.LogOrigin,
    message: `The evidence log was copied, with the access key ${accessKeyId}`,
  };
  await intake.send([JSON.stringify(event)]);
}
