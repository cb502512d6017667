/** The command line as users run it: in a process of its own. */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { onTestFinished, vi } from "vitest";

export const ROOT = join(import.meta.dirname, "..", "..");
const ENTRY = join(ROOT, "bin", "gatebook.ts");
/** On a busy machine a start with synthesis takes ten seconds. */
const PATIENCE = { timeout: 60_000, interval: 50 };

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Process {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until standard output says it; fails when the process ends before. */
  until(text: RegExp): Promise<RegExpExecArray>;
  /** The same of standard error. */
  untilSaid(text: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl-C does. */
  interrupt(): void;
  /** As `kill -9` does: it cannot say or store anything more. What it has started is left alone. */
  kill(): void;
  readonly finished: Promise<Finished>;
}

/** Runs one command to its end. */
export function gatebook(args: readonly string[], cwd = ROOT): Promise<Finished> {
  return start([ENTRY, ...args], cwd).finished;
}

/** Starts a command that stays up; it ends with the test at the latest. */
export function startGatebook(args: readonly string[], cwd: string): Process {
  const running = start([ENTRY, ...args], cwd);
  onTestFinished(async () => {
    running.interrupt();
    await running.finished;
  });
  return running;
}

function start(args: readonly string[], cwd: string): Process {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const finished = end(child).then((code) => ({ code, stdout: stdout(), stderr: stderr() }));
  const until = (look: () => RegExpExecArray | null): Promise<RegExpExecArray> =>
    vi.waitUntil(() => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${stderr()}`);
      return look();
    }, PATIENCE);
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    finished,
    interrupt: () => void child.kill("SIGINT"),
    kill: () => void child.kill("SIGKILL"),
    until: (text) => until(() => text.exec(stdout())),
    untilSaid: (text) => until(() => text.exec(stderr())),
  };
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

async function end(child: ChildProcessByStdio<null, Readable, Readable>): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, "close");
  return code ?? null;
}

/** Ids of the processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  // pgrep ends with 1 where there are none.
  const { stdout } = await promisify(execFile)("pgrep", ["-P", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").filter(Boolean).map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** JSON lines, parsed; throws for a line that is none. */
export function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
