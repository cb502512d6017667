/** `gatebook start`: the whole of Gatebook on this machine, from the synthesised template. */
import { existsSync, rmSync } from "node:fs";
import { styleText } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { GatebookError } from "../../lib/core/errors.ts";
import { type Cloud, startCloud } from "../../lib/local/cloud.ts";
import { findCloud } from "../../lib/local/cloud-file.ts";
import { LocalCloudError } from "../../lib/local/local-cloud-error.ts";
import type { Mail } from "../../lib/local/mailbox.ts";
import { MAIN_STACK, STATE_FOLDER } from "./running-stack.ts";
import { tellStory } from "./story.ts";
import { synthesise } from "./synthesise.ts";

const EXAMPLES = `
Examples:
  $ npm start                       go on from the state under .gatebook/
  $ npm start -- --fresh            begin again
  $ npm start -- --no-story --port 8080

Needs no AWS account and no Docker. Stays up until Ctrl-C; 'npm run -s gatebook -- replay PATH' sends it events meanwhile.`;

interface Options {
  readonly fresh?: boolean;
  readonly story: boolean;
  readonly port?: number;
}

export function startCommand(): Command {
  return new Command("start")
    .description("run Gatebook on this machine, with a short story of events")
    .option("--fresh", "forget all earlier state first")
    .option("--no-story", "do not replay the story")
    .option("--port <number>", "port on 127.0.0.1 (default: 4780 if it is free)", toPort)
    .addHelpText("after", EXAMPLES)
    .action(start);
}

async function start({ fresh, story, port }: Options): Promise<void> {
  const stopped = untilInterrupted();
  await requireNoneRunning();
  if (fresh) forget();
  say("Synthesising the stack");
  const assembly = await synthesise(STATE_FOLDER, stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
  if (assembly === undefined) return;
  let mails = 0;
  const cloud = await run(assembly, port, (mail) => {
    mails++;
    printMail(mail);
  });
  try {
    console.log(`ready ${cloud.url}`);
    if (story && !stopped.signal.aborted) await tellStory(cloud, { mails: () => mails, say, signal: stopped.signal });
    if (!stopped.signal.aborted)
      say(`Up at ${cloud.url}. Mails, logs and state are under ${STATE_FOLDER}/. Ctrl-C stops.`);
    await stopped.promise;
    say("Stopping");
  } finally {
    await cloud.close();
  }
}

async function run(assembly: string, port: number | undefined, onMail: (mail: Mail) => void): Promise<Cloud> {
  try {
    return await startCloud({
      assembly,
      // Forwarders belong to other regions and accounts, of which there are none here.
      stacks: [MAIN_STACK],
      directory: STATE_FOLDER,
      ...(port !== undefined && { port }),
      onProgress: say,
      onMail,
      onAlarm: ({ name, description }) => console.error(styleText("red", `ALARM ${name}: ${description}`)),
    });
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    throw new GatebookError("UNAVAILABLE", error.message, { cause: error });
  }
}

/** Before the seconds that a synthesis takes, and before anything of the running one is touched. */
async function requireNoneRunning(): Promise<void> {
  const running = await findCloud(STATE_FOLDER);
  if (running === undefined) return;
  const what = `Gatebook runs here already, at ${running.url} as process ${running.pid}`;
  throw new GatebookError("UNAVAILABLE", `${what}: use that one, or stop it first`);
}

function forget(): void {
  if (existsSync(STATE_FOLDER)) say(`Forgetting ${STATE_FOLDER}/`);
  rmSync(STATE_FOLDER, { recursive: true, force: true });
}

/** Ctrl-C stops whatever runs; a second one does not wait for it. */
function untilInterrupted(): { promise: Promise<void>; signal: AbortSignal } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    resolve();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return { promise, signal: controller.signal };
}

function say(step: string): void {
  console.error(styleText("dim", step, { stream: process.stderr }));
}

function printMail({ to, subject, body }: Mail): void {
  const rule = "─".repeat(78);
  console.log(`\n${rule}\nMail to ${to}\n${styleText("bold", subject)}\n\n${body.trimEnd()}\n${rule}\n`);
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("is a number from 0 to 65535");
  return port;
}
