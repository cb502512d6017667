/** All functions of the cloud, by name and by ARN, and the invocations that nobody waits for. */
import { LocalCloudError } from "../local-cloud-error.ts";
import { pause } from "../pause.ts";
import type { InvocationReply } from "./environment.ts";
import { createFunction, type FunctionSettings, type LocalFunction } from "./local-function.ts";

/** AWS waits one minute, then two; nobody at a laptop does. */
const RETRY_DELAY_MS = 1_000;
const DEFAULT_RETRIES = 2;

/** What AWS::Lambda::EventInvokeConfig and a function's DeadLetterConfig set. */
interface AsynchronousSettings {
  readonly retries?: number;
  /** Called with an event that failed for the last time. */
  readonly onFailure?: (event: Buffer, reply: InvocationReply) => Promise<void>;
}

export interface Functions {
  add(settings: FunctionSettings): LocalFunction;
  /** By name or ARN; throws TEMPLATE_INVALID when there is none. */
  get(nameOrArn: string): LocalFunction;
  find(nameOrArn: string): LocalFunction | undefined;
  configureAsynchronous(nameOrArn: string, settings: AsynchronousSettings): void;
  /** Runs an event in the background, again where it fails. */
  invokeLater(nameOrArn: string, event: Buffer): void;
  all(): readonly LocalFunction[];
  warm(): Promise<void>;
  close(graceMs: number): Promise<void>;
}

export function createFunctions(onLog: (functionName: string, line: string) => void): Functions {
  const functions = new Map<string, LocalFunction>();
  const asynchronous = new Map<string, AsynchronousSettings>();
  const background = new Set<Promise<void>>();
  const closing = new AbortController();

  const find = (nameOrArn: string): LocalFunction | undefined => functions.get(nameOrArn.split(":")[6] ?? nameOrArn);
  const get = (nameOrArn: string): LocalFunction => {
    const found = find(nameOrArn);
    if (found === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `There is no function ${nameOrArn}`);
    return found;
  };

  async function runInBackground(subject: LocalFunction, event: Buffer): Promise<void> {
    const { name } = subject.settings;
    const { retries = DEFAULT_RETRIES, onFailure } = asynchronous.get(name) ?? {};
    for (let attempt = 0; ; attempt += 1) {
      const reply = await subject.invoke(event);
      if (reply.error === undefined) return;
      if (attempt < retries && !closing.signal.aborted) {
        await pause(RETRY_DELAY_MS * (attempt + 1), closing.signal);
        continue;
      }
      if (onFailure !== undefined) await onFailure(event, reply);
      else onLog(name, `An event was given up after ${attempt + 1} attempts: ${event.toString("utf8")}`);
      return;
    }
  }

  return {
    find,
    get,
    all: () => [...functions.values()],
    add(settings) {
      const added = createFunction(settings);
      functions.set(settings.name, added);
      return added;
    },
    configureAsynchronous(nameOrArn, settings) {
      const { name } = get(nameOrArn).settings;
      asynchronous.set(name, { ...asynchronous.get(name), ...settings });
    },
    invokeLater(nameOrArn, event) {
      const subject = get(nameOrArn);
      const run = runInBackground(subject, event).catch((error: unknown) => {
        onLog(subject.settings.name, `An event was lost: ${String(error)}: ${event.toString("utf8")}`);
      });
      background.add(run);
      void run.finally(() => background.delete(run));
    },
    async warm() {
      await Promise.all([...functions.values()].map((one) => one.warm()));
    },
    async close(graceMs) {
      closing.abort();
      const grace = new AbortController();
      await Promise.race([Promise.all(background), pause(graceMs, grace.signal)]);
      grace.abort();
      await Promise.all([...functions.values()].map((one) => one.close(graceMs)));
    },
  };
}
