/** `gatebook index rebuild`: the index made anew from the log. */
import { Command, InvalidArgumentError } from "commander";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import { s3LogSizes } from "../../lib/adapters/s3-log-sizes.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { HOT_MS } from "../../lib/core/evidence/event-index.ts";
import { type RebuildWorld, type Rebuilt, rebuildIndex } from "../../lib/core/record/rebuild-index.ts";
import { recordOwnEvent } from "./own-event.ts";
import { progressLine } from "./progress.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- index rebuild                        of the Gatebook that runs here (npm start)
  $ npm run -s gatebook -- index rebuild --outputs outputs.json of a deployed one (npx cdk deploy Gatebook --outputs-file outputs.json)
  $ npm run -s gatebook -- index rebuild --from 120500          goes on where an earlier one was broken off

Reads the log and writes each entry of the last 400 days into the index, as it was written when it was recorded. Repeating it changes nothing,
and events may be recorded meanwhile. The log is not changed, but for an entry that says who rebuilt its index.`;

interface Options extends StackChoice {
  readonly from?: number;
  readonly as?: string;
  readonly json?: boolean;
}

export function indexCommand(): Command {
  const rebuild = new Command("rebuild")
    .description("make the index anew from the log")
    .option("--from <place>", "the first entry to write (default: the first of the last 400 days)", parsePlace)
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--as <identity>", "who you are, for the record (default: the AWS access key in use)")
    .option("--json", "the counts as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
  return new Command("index").description("work on the index over the log").addCommand(rebuild);
}

async function run({ from, as, json, ...choice }: Options): Promise<void> {
  const stack = await findRunningStack(choice);
  await recordOwnEvent(stack, { type: "index.rebuilt", message: "The index was made anew from the log", as });
  const world = await rebuildWorld(stack);
  const progress = progressLine();
  let upTo = from ?? 0;
  const onProgress = (place: number): void => {
    upTo = place;
    progress.show(() => `${place.toLocaleString("en")} of ${world.size.toLocaleString("en")} entries`);
  };
  const rebuilt = await rebuildIndex({ ...world, onProgress, ...(from !== undefined && { from }) })
    .catch((cause: unknown) => {
      throw goOn(cause, upTo);
    })
    .finally(() => progress.end());
  console.log(json ? JSON.stringify(rebuilt) : describe(rebuilt, stack));
}

async function rebuildWorld({ outputs, dynamoDb: client, s3 }: RunningStack): Promise<RebuildWorld> {
  const { HeadTable, IndexTable, EvidenceBucket, LogOrigin: origin } = outputs;
  const evidence = { client: s3, bucket: EvidenceBucket };
  const now = Date.now();
  const head = await dynamoDbHeadStore({ client, tableName: HeadTable, origin }).read();
  const published = await s3LogSizes(evidence, now - HOT_MS);
  const size = head?.size ?? 0;
  return {
    origin,
    log: s3LogSource(evidence),
    size,
    index: dynamoDbEventIndex({ client, tableName: IndexTable }),
    // The head was read first: what was published since is beyond it.
    sizes: [...published.filter((at) => at.size < size), { time: head?.updated ?? now, size }],
    now,
  };
}

function goOn(cause: unknown, from: number): GatebookError {
  const code = cause instanceof GatebookError ? cause.code : "UNAVAILABLE";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatebookError(code, `${reason}; the index is made up to there: go on with --from ${from}`, { cause });
}

function describe({ from, size }: Rebuilt, { outputs }: RunningStack): string {
  const older = from === 0 ? "" : `; the ${from} before are older than the index keeps, or were left out`;
  return `the index has ${size - from} entries of ${outputs.LogOrigin} again, up to its size of ${size}${older}`;
}

function parsePlace(text: string): number {
  if (!/^(?:0|[1-9]\d{0,14})$/.test(text)) throw new InvalidArgumentError("Give a place in the log, from 0.");
  return Number(text);
}
