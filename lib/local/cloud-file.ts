/** How a running cloud is found by its directory, and how a second one is kept out of it. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { LocalCloudError } from "./local-cloud-error.ts";

const CloudFile = z.object({
  url: z.url(),
  pid: z.number().int(),
  outputs: z.record(z.string(), z.string()),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type CloudFile = z.infer<typeof CloudFile>;

/** Answered by the gateway itself, so that a cloud can be told from whatever else listens on its port by now. */
export const IDENTITY_PATH = "/.well-known/local-cloud";
const ANSWER_TIMEOUT_MS = 2_000;

/** The cloud that runs on a directory. Undefined when there is none, or when it ended without a word. */
export async function findCloud(directory: string): Promise<CloudFile | undefined> {
  const text = await readFile(join(directory, "cloud.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = CloudFile.safeParse(readJson(text));
  if (!parsed.success) return undefined;
  try {
    const answer = await fetch(parsed.data.url + IDENTITY_PATH, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const { pid } = z.object({ pid: z.number() }).parse(await answer.json());
    return pid === parsed.data.pid ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export async function announce(directory: string, cloud: CloudFile): Promise<void> {
  const path = join(directory, "cloud.json");
  await writeFile(`${path}.next`, `${JSON.stringify(cloud, undefined, 2)}\n`);
  await rename(`${path}.next`, path);
}

export async function withdraw(directory: string): Promise<void> {
  await rm(join(directory, "cloud.json"), { force: true });
}

/** Throws ALREADY_RUNNING while another process, or this one, holds the directory. Returns what gives it back. */
export async function claim(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "cloud.lock");
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      const pid = Number(await readFile(path, "utf8").catch(() => ""));
      if (isAlive(pid)) {
        const advice = `stop it first, or remove ${path} if process ${pid} is something else`;
        throw new LocalCloudError("ALREADY_RUNNING", `A local cloud runs on ${directory}: ${advice}`, { cause });
      }
      // Its holder was killed and could not give it back.
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
