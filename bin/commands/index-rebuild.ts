/** `gatebook index rebuild`: the index made anew from the log. */
import { Command, InvalidArgumentError } from "commander";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { s3LogSizes } from "../../lib/adapters/s3-log-sizes.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { type EntryPlace, formatPlace, parsePlace } from "../../lib/core/evidence/entry-place.ts";
import { HOT_MS } from "../../lib/core/evidence/event-index.ts";
import { shardOrigin, shardPrefix } from "../../lib/core/evidence/shard.ts";
import { type RebuildWorld, type Rebuilt, rebuildIndex } from "../../lib/core/record/rebuild-index.ts";
import { recordOwnEvent } from "./own-event.ts";
import { progressLine } from "./progress.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";
import { type StackShard, stackShards } from "./stack-shards.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- index rebuild                        of the Gatebook that runs here (npm start)
  $ npm run -s gatebook -- index rebuild --outputs outputs.json of a deployed one (npx cdk deploy Gatebook --outputs-file outputs.json)
  $ npm run -s gatebook -- index rebuild --from 120500          goes on where an earlier one was broken off; in shard 2, --from 2/120500

Reads the log and writes each entry of the last 400 days into the index, as it was written when it was recorded. Repeating it changes nothing,
and events may be recorded meanwhile. The log is not changed, but for an entry that says who rebuilt its index.`;

interface Options extends StackChoice {
  readonly from?: EntryPlace;
  readonly as?: string;
  readonly json?: boolean;
}

export function indexCommand(): Command {
  const rebuild = new Command("rebuild")
    .description("make the index anew from the log")
    .option("--from <place>", "the first entry to write (default: the first of the last 400 days)", parseFrom)
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
  const rebuilt: RebuiltShard[] = [];
  for (const shard of await stackShards(stack)) {
    if (from !== undefined && shard.shard < from.shard) continue;
    const begin = from !== undefined && shard.shard === from.shard ? from.index : undefined;
    rebuilt.push({ shard: shard.shard, ...(await rebuildShard(stack, shard, begin)) });
  }
  console.log(json ? JSON.stringify(toJson(rebuilt)) : rebuilt.map((each) => describe(each, stack)).join("\n"));
}

async function rebuildShard(stack: RunningStack, shard: StackShard, from: number | undefined): Promise<Rebuilt> {
  const world = await rebuildWorld(stack, shard);
  const progress = progressLine();
  let index = from ?? 0;
  const onProgress = (place: number): void => {
    index = place;
    progress.show(() => `${place.toLocaleString("en")} of ${world.size.toLocaleString("en")} entries`);
  };
  return rebuildIndex({ ...world, onProgress, ...(from !== undefined && { from }) })
    .catch((cause: unknown) => {
      throw goOn(cause, { shard: shard.shard, index });
    })
    .finally(() => progress.end());
}

async function rebuildWorld(
  { outputs, dynamoDb: client, s3 }: RunningStack,
  { shard, origin, head, log, size }: StackShard,
): Promise<RebuildWorld> {
  const now = Date.now();
  const stored = { client: s3, bucket: outputs.EvidenceBucket, prefix: shardPrefix(shard) };
  const published = await s3LogSizes(stored, now - HOT_MS);
  return {
    origin,
    log,
    size,
    index: dynamoDbEventIndex({ client, tableName: outputs.IndexTable }),
    // The head was read first: what was published since is beyond it.
    sizes: [...published.filter((at) => at.size < size), { time: head?.updated ?? now, size }],
    now,
  };
}

function goOn(cause: unknown, place: EntryPlace): GatebookError {
  const code = cause instanceof GatebookError ? cause.code : "UNAVAILABLE";
  const reason = cause instanceof Error ? cause.message : String(cause);
  const from = formatPlace(place).slice(1);
  return new GatebookError(code, `${reason}; the index is made up to there: go on with --from ${from}`, { cause });
}

interface RebuiltShard extends Rebuilt {
  readonly shard: number;
}

function toJson(rebuilt: readonly RebuiltShard[]) {
  const [first, second] = rebuilt;
  if (first === undefined || second !== undefined || first.shard !== 0) return { shards: rebuilt };
  return { from: first.from, size: first.size };
}

function describe({ shard, from, size }: RebuiltShard, { outputs }: RunningStack): string {
  const older = from === 0 ? "" : `; the ${from} before are older than the index keeps, or were left out`;
  const origin = shardOrigin(outputs.LogOrigin, shard);
  return `the index has ${size - from} entries of ${origin} again, up to its size of ${size}${older}`;
}

/** As an error says it: of the first shard without the shard. */
function parseFrom(text: string): EntryPlace {
  const place = /^(?:\d{1,2}\/)?(?:0|[1-9]\d{0,14})$/.test(text) ? parsePlace(`#${text}`) : undefined;
  if (place === undefined) throw new InvalidArgumentError("Give a place in the log, from 0; of shard 2 as 2/<place>.");
  return place;
}
