/** The whole stack on the local cloud, and all that can be seen of it from outside. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN_STACK } from "../../bin/commands/running-stack.ts";
import type { RaisedAlarm } from "../../lib/local/alarms.ts";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { type Clients, createClients } from "../../lib/local/clients.ts";
import { type Cloud, startCloud } from "../../lib/local/cloud.ts";
import type { Call } from "../../lib/local/gateway/dispatch.ts";
import type { Mail } from "../../lib/local/mailbox.ts";
import { synthesised } from "./assembly.ts";

/** For `vi.waitFor`: what passes queues and functions takes a second or two, on a busy machine more. */
export const PATIENCE = { timeout: 30_000, interval: 100 };

export interface RunningCloud {
  readonly cloud: Cloud;
  /** Calling as the owner of the account. */
  readonly clients: Clients;
  /** State, mails and logs. */
  readonly directory: string;
  readonly mails: readonly Mail[];
  readonly alarms: readonly RaisedAlarm[];
  readonly calls: readonly Call[];
  /** What functions printed. */
  readonly lines: readonly string[];
  readonly faults: readonly unknown[];
  close(): Promise<void>;
}

/** A stack output by its name. */
export function outputOf({ cloud: { outputs } }: RunningCloud, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}

/** On an empty folder that goes when the cloud closes. */
export async function runInEmptyFolder(assembly?: string): Promise<RunningCloud> {
  const directory = await emptyFolder();
  const running = await run(directory, assembly);
  return {
    ...running,
    async close() {
      await running.close();
      await remove(directory);
    },
  };
}

/** On a folder of the test's own, which stays. */
export async function run(directory: string, assembly?: string): Promise<RunningCloud> {
  const mails: Mail[] = [];
  const alarms: RaisedAlarm[] = [];
  const calls: Call[] = [];
  const lines: string[] = [];
  const faults: unknown[] = [];
  const cloud = await startCloud({
    assembly: assembly ?? (await synthesised()),
    stacks: [MAIN_STACK],
    directory,
    port: 0,
    onMail: (mail) => mails.push(mail),
    onAlarm: (alarm) => alarms.push(alarm),
    onCall: (call) => calls.push(call),
    onLog: (_, line) => lines.push(line),
    onFault: (fault) => faults.push(fault),
  });
  const clients = createClients(cloud.url, LOCAL_OWNER_KEY);
  const close = async (): Promise<void> => {
    clients.close();
    await cloud.close();
  };
  return { cloud, clients, directory, mails, alarms, calls, lines, faults, close };
}

export function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "gatebook-e2e-"));
}

export function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
