/** Pulling and verifying a log of over 100,000 entries, against SHA-256 alone over the same entries, each in a process of its own. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { folderLogArchive, folderLogCopy } from "../lib/adapters/folder-log-archive.ts";
import { pullLog } from "../lib/core/verify/pull-log.ts";
import { median } from "./compare.ts";
import type { Measurement } from "./measurement.ts";
import { writeSignedLog } from "./signed-folder.ts";

const ENTRIES = 240_000;
const ROUNDS = 5;
const RATIO_BOUND = 0.5;
const MEMORY_BOUND_MB = 200;
const KILOBYTES_PER_MEGABYTE = 1024;
const ROOT = join(import.meta.dirname, "..");
const SHA_ALONE = fileURLToPath(import.meta.resolve("./sha-alone.ts"));
const VERIFY_ALONE = fileURLToPath(import.meta.resolve("./verify-alone.ts"));
const REPORT_MEMORY = import.meta.resolve("./report-memory.ts");

const Timed = z.object({ milliseconds: z.number() });
const HashedEntries = Timed.extend({ entries: z.number(), bytes: z.number() });
const Verified = Timed.extend({ outcome: z.literal("verified"), size: z.literal(ENTRIES) });
const Memory = z.object({ peakKilobytes: z.number() });

interface Round {
  readonly ratio: number;
  /** Of the command, by the clock, its start left out. */
  readonly commandMs: number;
  readonly entryBytes: number;
  readonly peakKilobytes: number;
}

export async function measureVerify(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-bench-verify-"));
  try {
    const [recorded, pulled] = [join(folder, "recorded"), join(folder, "pulled")];
    await writeSignedLog(recorded, ENTRIES);
    const start = performance.now();
    const copy = folderLogCopy(pulled);
    const { bytes } = await pullLog(folderLogArchive(recorded), copy);
    const perSecond = bytes / (performance.now() - start) / 1_000;
    await copy.write("verifier-key", await readFile(join(recorded, "verifier-key")));
    await rm(recorded, { recursive: true });
    const pulling = { benchmark: "verify", work: "pull, folder to folder", unit: "MB/s" };
    return [{ ...pulling, value: perSecond }, ...(await measurePulled(pulled))];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Both in the time of one core, as in compare.ts. The older partial bundles that verification reads are hashed alone as well. */
async function measurePulled(folder: string): Promise<Measurement[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [before] = await runLines([SHA_ALONE, folder]);
    const [work] = await runLines([VERIFY_ALONE, folder]);
    const [after] = await runLines([SHA_ALONE, folder]);
    const [command, memory] = await runLines([
      "--import",
      REPORT_MEMORY,
      "bin/gatebook.ts",
      "verify",
      folder,
      "--json",
    ]);
    const { milliseconds: hashMs, entries, bytes } = HashedEntries.parse(before);
    const limitMs = (hashMs + HashedEntries.parse(after).milliseconds) / 2;
    rounds.push({
      ratio: limitMs / Timed.parse(work).milliseconds,
      commandMs: Verified.parse(command).milliseconds,
      entryBytes: bytes / entries,
      ...Memory.parse(memory),
    });
  }
  return measurementsOf(rounds);
}

function measurementsOf(rounds: readonly Round[]): Measurement[] {
  const middle = (of: (round: Round) => number): number => median(rounds.map(of));
  const work = `${ENTRIES.toLocaleString("en")} entries of ${Math.round(middle((round) => round.entryBytes))} bytes`;
  const perSecond = ENTRIES / (middle((round) => round.commandMs) / 1_000);
  const peak = Math.max(...rounds.map(({ peakKilobytes }) => peakKilobytes)) / KILOBYTES_PER_MEGABYTE;
  return [
    {
      benchmark: "verify",
      work,
      value: perSecond,
      unit: "entries/s",
      ratio: { value: middle(({ ratio }) => ratio), to: "SHA-256" },
      bound: { of: "ratio", atLeast: RATIO_BOUND },
    },
    {
      benchmark: "verify",
      work: "memory of the command",
      value: peak,
      unit: "MB at most",
      bound: { of: "value", atMost: MEMORY_BOUND_MB },
    },
  ];
}

async function runLines(args: readonly string[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
