/** Synthesising the stack, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { GatebookError } from "../../lib/core/errors.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** Of what the process printed; its last words say what went wrong. */
const MAX_OUTPUT_CHARACTERS = 8_000;

/**
 * @returns the folder of the cloud assembly, below the given one
 * @throws GatebookError `CONFIGURATION_INVALID` with what the synthesis said, for instance of gatebook.yml
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
  const [code] = await once(child, "close");
  if (code !== 0) throw new GatebookError("CONFIGURATION_INVALID", `the stack does not synthesise:\n${output.trim()}`);
  return assembly;
}
