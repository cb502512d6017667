/** `gatebook replay`: recorded events through a running stack, and an account of what became of each. */
import { Command } from "commander";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { keyName } from "../../lib/core/evidence/event-index.ts";
import { createComplaints, readArrivals, readConfiguration } from "./input.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";
import { distinctKeys, type Tracked, track, waitUntilKnown } from "./track.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- replay trail/                        to the Gatebook that runs here (npm start)
  $ npm run -s gatebook -- replay trail/ --outputs outputs.json to a deployed one (npx cdk deploy --outputs-file outputs.json)

Sends each event into the intake queue and waits until the index has it. The counts add up: read = recorded + duplicates + rejected + missing.
Exit code 0: all recorded or known already; 1: events are missing; 2: something could not be read (the rest is sent).`;

/** Messages to a call of send: a progress line in between. */
const CHUNK = 200;

type Counts = Readonly<Record<string, number>>;

interface Options extends StackChoice {
  readonly config: string;
  readonly json?: boolean;
}

export function replayCommand(): Command {
  return new Command("replay")
    .description("send recorded events through the running stack, local or deployed")
    .argument(
      "<path...>",
      "files or folders: .json, .jsonl, .gz; CloudTrail, EventBridge, webhooks with their headers or without",
    )
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--config <file>", "what the organisation calls normal", "gatebook.yml")
    .option("--json", "the counts as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(replay);
}

async function replay(paths: string[], { config, json, ...choice }: Options): Promise<void> {
  const stack = await findRunningStack(choice);
  const complaints = createComplaints();
  const tracked = await track(readArrivals(paths, complaints), readConfiguration(config), complaints);
  const rejected = complaints.count();
  const index = dynamoDbEventIndex({ client: stack.dynamoDb, tableName: stack.outputs.IndexTable });
  const keys = distinctKeys(tracked);
  const before = await index.known(keys);

  await send(tracked, stack);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const missing = await waitUntilKnown(keys, {
    index,
    signal: interrupted.signal,
    onProgress: (n) => progress("recorded", n, keys.length),
  });

  const counts = {
    read: tracked.length + rejected,
    recorded: keys.length - before.size - missing.filter((key) => !before.has(keyName(key))).length,
    duplicates: tracked.length - keys.length + before.size,
    rejected,
    missing: missing.length,
  };
  const reasons = complaints.reasons();
  console.log(json ? JSON.stringify({ ...counts, reasons }) : describe(counts, reasons, stack.name));
  process.exitCode = counts.missing > 0 ? 1 : rejected > 0 ? 2 : 0;
}

async function send(tracked: readonly Tracked[], { sqs, s3, outputs }: RunningStack): Promise<void> {
  const messages = s3MessageStore({ client: s3, bucket: outputs.MessageBucket });
  const intake = sqsIntakeQueue({ client: sqs, queueUrl: outputs.IntakeQueueUrl, messages });
  for (let from = 0; from < tracked.length; from += CHUNK) {
    await intake.send(tracked.slice(from, from + CHUNK).map(({ body }) => body));
    progress("sent", Math.min(from + CHUNK, tracked.length), tracked.length);
  }
}

/** On a terminal one line that is written over; elsewhere the last word alone. */
function progress(verb: string, done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${done} of ${all} ${verb}${done === all ? "\n" : ""}`);
  else if (done === all) console.error(`${done} of ${all} ${verb}`);
}

function describe(counts: Counts, reasons: Counts, name: string): string {
  const { read, ...rest } = counts;
  const parts = Object.entries(rest).map(([what, count]) => `${count} ${what}`);
  const rejections = Object.entries(reasons).map(([reason, count]) => `  ${count} rejected: ${reason}`);
  return [`${read} read = ${parts.join(" + ")}, by ${name}`, ...rejections].join("\n");
}
