/** Synthesising the stack, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { GatebookError } from "../../lib/core/errors.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** Of what the process printed; its last words say what went wrong. */
const MAX_OUTPUT_CHARACTERS = 8_000;

/**
 * @returns the folder of the cloud assembly, below the given one
 * @throws GatebookError `CONFIGURATION_INVALID` with what the synthesis said, for instance of gatebook.yml; the signal's reason once it is
 * aborted and the process has ended
 */
export async function synthesise(folder: string, signal: AbortSignal): Promise<string> {
  const assembly = join(folder, "cdk.out");
  const child = spawn(process.execPath, [join(ROOT, "bin", "app.ts")], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: resolve(assembly) },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARACTERS);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await closed(child, signal);
  signal.throwIfAborted();
  if (code !== 0) throw new GatebookError("CONFIGURATION_INVALID", `the stack does not synthesise:\n${output.trim()}`);
  return assembly;
}

/** An aborted process says so before it has ended, which it is waited for all the same. */
function closed(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolveCode, reject) => {
    child.once("close", resolveCode);
    child.once("error", (error) => {
      if (!signal.aborted) reject(error);
    });
  });
}
