/** One Lambda function: its settings, and a pool of execution environments that grows with what is asked of it. */
import { pause } from "../pause.ts";
import { type Environment, type EnvironmentSettings, type InvocationReply, startEnvironment } from "./environment.ts";

/** Two cores do not run more at once to any profit. A function's reserved concurrency may set less. */
const MAX_ENVIRONMENTS = 4;

export interface FunctionSettings extends EnvironmentSettings {
  readonly name: string;
  /** The role that the function runs as, and the access key by which the gateway knows it. */
  readonly roleArn: string;
  readonly accessKeyId: string;
  readonly reservedConcurrency?: number;
}

export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** Waits for a free environment where AWS would throttle, then runs. Never rejects before `close`. */
  invoke(event: Buffer): Promise<InvocationReply>;
  /** Starts an environment ahead of the first invocation. */
  warm(): Promise<void>;
  /** Waits for the running invocations as long as given, then ends all processes. */
  close(graceMs: number): Promise<void>;
}

export function createFunction(settings: FunctionSettings): LocalFunction {
  const limit = Math.min(settings.reservedConcurrency ?? MAX_ENVIRONMENTS, MAX_ENVIRONMENTS);
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const queue: Array<() => void> = [];
  const running = new Set<Promise<InvocationReply>>();
  let taken = 0;
  let isClosed = false;

  async function acquire(): Promise<Environment> {
    if (taken >= limit) await new Promise<void>((resolve) => queue.push(resolve));
    else taken += 1;
    const reused = idle.pop();
    if (reused?.isAlive()) return reused;
    if (reused !== undefined) all.delete(reused);
    return start();
  }

  async function start(): Promise<Environment> {
    const environment = await startEnvironment(settings);
    all.add(environment);
    // An environment that was still starting while everything closed would outlive the cloud.
    if (isClosed) await environment.stop();
    return environment;
  }

  function release(environment: Environment): void {
    if (environment.isAlive()) idle.push(environment);
    else all.delete(environment);
    const next = queue.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  async function run(event: Buffer): Promise<InvocationReply> {
    const environment = await acquire();
    try {
      return await environment.invoke(event);
    } finally {
      release(environment);
    }
  }

  return {
    settings,
    async invoke(event) {
      if (isClosed) throw new Error(`${settings.name} is not invoked any more: the local cloud is closing`);
      if (limit === 0) throw new Error(`${settings.name} has a reserved concurrency of 0: it can never run`);
      const reply = run(event);
      running.add(reply);
      return reply.finally(() => running.delete(reply));
    },
    async warm() {
      if (limit === 0 || isClosed) return;
      const environment = await acquire();
      await environment.ready();
      release(environment);
    },
    async close(graceMs) {
      isClosed = true;
      const grace = new AbortController();
      await Promise.race([Promise.allSettled(running), pause(graceMs, grace.signal)]);
      grace.abort();
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
}
