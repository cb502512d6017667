/** One execution environment: a child process with a runtime API of its own, which runs one invocation at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Said, startRuntimeApi } from "./runtime-api.ts";

const BOOTSTRAP = fileURLToPath(new URL("./bootstrap.ts", import.meta.url));
/** The rest is for code, stacks and buffers. */
const HEAP_SHARE_OF_MEMORY = 0.9;
/** AWS allows 10 s; a laptop that starts ten functions at once is slower. */
const INIT_TIMEOUT_MS = 60_000;
const TERM_GRACE_MS = 1_000;

export interface EnvironmentSettings {
  readonly functionArn: string;
  readonly codeDirectory: string;
  /** All that the process sees of an environment, but the address of its runtime API. */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  onLine(line: string): void;
}

/** `error` is set where AWS would answer with X-Amz-Function-Error. */
export interface InvocationReply {
  readonly payload: Buffer;
  readonly error?: "Unhandled";
}

export interface Environment {
  /** Never rejects: whatever goes wrong inside the function is a reply. */
  invoke(event: Buffer): Promise<InvocationReply>;
  /** Resolves when the handler is loaded, or could not be. */
  ready(): Promise<void>;
  isAlive(): boolean;
  stop(): Promise<void>;
}

export async function startEnvironment(settings: EnvironmentSettings): Promise<Environment> {
  let current: { readonly id: string; settle(reply: InvocationReply): void } | undefined;
  let last: Said | undefined;
  const api = await startRuntimeApi((said, id) => {
    if (said.outcome !== "init-error" && id !== current?.id) return;
    last = said;
    // Only a process that asks for more work has survived this invocation and can be given another.
    void api.whenAsked().then(() => id === current?.id && current?.settle(toReply(said)));
  });
  const child = startChild(settings, api.address);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  let isAlive = true;
  void ended.then(() => {
    isAlive = false;
    api.close();
    current?.settle(last === undefined ? crashed(current.id, child) : toReply(last));
  });

  async function invoke(event: Buffer): Promise<InvocationReply> {
    const id = randomUUID();
    const { promise, resolve: settle } = Promise.withResolvers<InvocationReply>();
    current = { id, settle };
    if (!isAlive) settle(last === undefined ? crashed(id, child) : toReply(last));
    let timer = setTimeout(() => expire(id, INIT_TIMEOUT_MS), INIT_TIMEOUT_MS);
    void api.whenAsked().then(() => {
      if (current?.id !== id) return;
      last = undefined;
      clearTimeout(timer);
      timer = setTimeout(() => expire(id, settings.timeoutMs), settings.timeoutMs);
      api.give({ id, functionArn: settings.functionArn, event, deadline: Date.now() + settings.timeoutMs });
    });
    const reply = await promise;
    clearTimeout(timer);
    current = undefined;
    return reply;
  }

  function expire(id: string, limitMs: number): void {
    const message = `${new Date().toISOString()} ${id} Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
    settings.onLine(message);
    isAlive = false;
    child.kill("SIGKILL");
    current?.settle(failure("Sandbox.Timedout", message));
  }

  return {
    invoke,
    ready: () => Promise.race([api.whenAsked(), ended]),
    isAlive: () => isAlive,
    async stop() {
      isAlive = false;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), TERM_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function startChild(
  { codeDirectory, variables, memoryMb, onLine }: EnvironmentSettings,
  address: string,
): ChildProcess {
  const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE_OF_MEMORY)}`;
  const child = spawn(process.execPath, [heap, BOOTSTRAP], {
    cwd: codeDirectory,
    env: { ...variables, AWS_LAMBDA_RUNTIME_API: address },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches a terminal's whole process group; the cloud itself decides when its functions end.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", onLine);
  }
  return child;
}

function toReply({ outcome, payload }: Said): InvocationReply {
  if (outcome === "response") return { payload };
  if (outcome === "too-large") {
    return failure(
      "Function.ResponseSizeTooLarge",
      "Response payload size exceeded maximum allowed payload size (6291456 bytes).",
    );
  }
  return { payload, error: "Unhandled" };
}

function crashed(id: string, child: ChildProcess): InvocationReply {
  const how = child.signalCode === null ? `exit status ${child.exitCode}` : `signal: ${child.signalCode}`;
  return failure("Runtime.ExitError", `RequestId: ${id} Error: Runtime exited with error: ${how}`);
}

function failure(errorType: string, errorMessage: string): InvocationReply {
  return { payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), error: "Unhandled" };
}
