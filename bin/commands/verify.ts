/** `gatebook verify`: every byte of the evidence, or one proof, checked without trusting whoever keeps it. */
import { statSync } from "node:fs";
import { Command } from "commander";
import { folderLogArchive } from "../../lib/adapters/folder-log-archive.ts";
import { httpLogSource } from "../../lib/adapters/http-log-source.ts";
import { iamSigner } from "../../lib/adapters/iam-signed-fetch.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { parseCheckpoint } from "../../lib/core/evidence/checkpoint.ts";
import { keysOfShards } from "../../lib/core/evidence/shard-keys.ts";
import { parseNote } from "../../lib/core/evidence/signed-note.ts";
import { checkTlogProof, parseTlogProof, type TlogProof } from "../../lib/core/evidence/tlog-proof.ts";
import type { VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import type { VerifyOptions } from "../../lib/core/verify/verify-log.ts";
import { verifyShards } from "../../lib/core/verify/verify-shards.ts";
import { describeShards } from "./describe-verified.ts";
import { progressLine } from "./progress.ts";
import { chooseKeys, readFile, readKeys } from "./verifier-key.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- verify evidence/ --key 'gatebook.acme/111122223333/eu-west-1/0+1f3c…'
  $ npm run -s gatebook -- verify evidence/ --since last-year.checkpoint     and nothing that it signed for was changed since
  $ npm run -s gatebook -- verify https://evidence.example/log --key verifier-key
  $ npm run -s gatebook -- verify "$LOG_URL" --key verifier-key                 a deployed Gatebook's output LogUrl, with your AWS credentials
  $ npm run -s gatebook -- verify --proof event.tlog-proof --entry event.json --key verifier-key

Without --key the one that lies in the folder is used, which shows damage and not a forger who replaced both. Keep a checkpoint of each
verification elsewhere, for --since (of each shard one): it shows a log that was rolled back or rewritten by whoever holds its key.
Exit code 0: verified; 1: something is wrong, and the message says what; 2: it could not be checked.`;

interface Options {
  readonly key?: string;
  readonly since?: readonly string[];
  readonly records?: boolean;
  readonly proof?: string;
  readonly entry?: string;
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  return new Command("verify")
    .description("verify every byte of the evidence, or one proof; says the first thing wrong")
    .argument("[place]", "a folder that pull has written, or the URL of a log")
    .option(
      "--key <vkey>",
      "the log's verifier key, or a file that holds it; of a log of several shards, a line for each",
    )
    .option(
      "--since <checkpoint>",
      "a checkpoint that you kept: all that it signs must still be there; again for each shard",
      (file, earlier: readonly string[] = []) => [...earlier, file],
    )
    .option("--records", "decode every entry as an audit record, too (takes several times as long)")
    .option("--proof <file>", "check one proof instead of a log; with --entry and --key")
    .option("--entry <file>", "the entry that the proof is of")
    .option("--json", "the outcome as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(place: string | undefined, options: Options): Promise<void> {
  try {
    const line = options.proof === undefined ? await verifyPlace(place, options) : verifyProof(place, options);
    console.log(line);
  } catch (error) {
    if (options.json && error instanceof GatebookError && error.code === "NOT_VERIFIED") {
      console.log(JSON.stringify({ outcome: "not-verified", problem: error.message }));
    }
    throw error;
  }
}

async function verifyPlace(place: string | undefined, { key, since, records = false, json }: Options): Promise<string> {
  const archive = openArchive(place);
  const chosen = await chooseKeys(key, archive.log);
  const progress = progressLine();
  const start = performance.now();
  const verified = await verifyShards({
    ...archive,
    keys: chosen.keys,
    allRecords: records,
    onProgress: (entries, size) =>
      progress.show(() => `${entries.toLocaleString("en")} of ${size.toLocaleString("en")} entries`),
    since: (since ?? []).map((name) => ({ name, note: readFile(name) })),
  }).finally(() => progress.end());
  return describeShards(verified, { ...chosen, milliseconds: performance.now() - start, json });
}

function openArchive(place: string | undefined): Pick<VerifyOptions, "log" | "listing"> {
  if (place === undefined) throw usage("name the folder or the URL of a log, or --proof with --entry and --key");
  if (/^https?:\/\//.test(place)) {
    const url = new URL(place);
    return { log: httpLogSource(url, iamSigner(url)), listing: undefined };
  }
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) throw usage(`${place}: there is no such folder`);
  const log = folderLogArchive(place);
  return { log, listing: log };
}

function verifyProof(place: string | undefined, { key, proof, entry, json }: Options): string {
  if (place !== undefined || key === undefined || proof === undefined || entry === undefined) {
    throw usage("--proof takes --entry and --key, and no folder");
  }
  const parsed = parseTlogProof(readFile(proof));
  const { origin, size } = checkTlogProof(readFile(entry), parsed, keyOf(parsed, readKeys(key)));
  return json
    ? JSON.stringify({ outcome: "verified", origin, size, index: parsed.index })
    : `verified: ${entry} is entry ${parsed.index} of ${origin}, which signed for it in a checkpoint of ${size} entries`;
}

/** Of several shards, the one whose checkpoint the proof holds; what is none of theirs is refused by the first. */
function keyOf({ checkpoint }: TlogProof, keys: readonly VerifierKey[]): VerifierKey {
  const { origin } = parseCheckpoint(parseNote(checkpoint).text);
  const known = [...keysOfShards(keys).values()];
  const own = known.find(({ name }) => name === origin) ?? known[0];
  if (own === undefined) throw usage("--key holds no key");
  return own;
}

function usage(message: string): GatebookError {
  return new GatebookError("INPUT_INVALID", message);
}
