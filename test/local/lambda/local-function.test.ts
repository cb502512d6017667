/** Functions in real child processes: what a handler may do to itself, and what its caller hears of it. */
import { expect, onTestFinished, test } from "vitest";
import { functionInFolder } from "./function-in-folder.ts";

async function made(...args: Parameters<typeof functionInFolder>) {
  const result = await functionInFolder(...args);
  onTestFinished(result.end);
  return result;
}

test("a handler's result is the answer, and the process is used again", async () => {
  const { ask } = await made(
    "let calls = 0; export const handler = async (event) => ({ got: event, calls: ++calls });",
  );
  expect(await ask({ a: "ü" })).toEqual({ answer: { got: { a: "ü" }, calls: 1 }, error: undefined });
  expect(await ask(2)).toEqual({ answer: { got: 2, calls: 2 }, error: undefined });
});

test("a handler that returns nothing answers null", async () => {
  const { ask } = await made("export const handler = async () => undefined;");
  expect(await ask({})).toEqual({ answer: null, error: undefined });
});

test("a handler that throws is an unhandled error with its type, and the process lives on", async () => {
  const { ask, lines } = await made(
    "let calls = 0; export const handler = async () => { calls += 1; if (calls === 1) throw new TypeError('no such luck'); return calls; };",
  );
  expect(await ask({})).toMatchObject({
    answer: { errorType: "TypeError", errorMessage: "no such luck" },
    error: "Unhandled",
  });
  expect(await ask({})).toEqual({ answer: 2, error: undefined });
  expect(lines.some((line) => line.includes("Invoke Error"))).toBe(true);
});

test("a function over its timeout is killed, and the next invocation gets a fresh process", async () => {
  const { ask } = await made(
    "let calls = 0; export const handler = async (event) => { calls += 1; if (event === 'hang') for (;;); return calls; };",
    { timeoutMs: 1_000 },
  );
  const timedOut = await ask("hang");
  expect(timedOut).toMatchObject({ answer: { errorType: "Sandbox.Timedout" }, error: "Unhandled" });
  expect(JSON.stringify(timedOut.answer)).toContain("Task timed out after 1.00 seconds");
  expect(await ask("again")).toEqual({ answer: 1, error: undefined });
});

test("a process that exits in the middle fails that invocation alone", async () => {
  const { ask } = await made(
    "export const handler = async (event) => { if (event === 'exit') process.exit(3); return 'fine'; };",
  );
  const answer = await ask("exit");
  expect(answer).toMatchObject({ answer: { errorType: "Runtime.ExitError" }, error: "Unhandled" });
  expect(JSON.stringify(answer.answer)).toContain("exit status 3");
  expect(await ask("go")).toEqual({ answer: "fine", error: undefined });
});

test("an error outside the handler's promise fails the invocation with its own message", async () => {
  const { ask } = await made(
    "export const handler = async (event) => { if (event === 'late') { setTimeout(() => { throw new Error('too late'); }, 1); await new Promise(() => setInterval(() => {}, 1000)); } return 'fine'; };",
  );
  expect(await ask("late")).toMatchObject({ answer: { errorMessage: "too late" }, error: "Unhandled" });
  expect(await ask("go")).toEqual({ answer: "fine", error: undefined });
});

test("a bundle that does not load says why, each time", async () => {
  const { ask } = await made("throw new Error('no table name'); export const handler = 1;");
  const expected = { answer: { errorMessage: "no table name" }, error: "Unhandled" };
  expect(await ask({})).toMatchObject(expected);
  expect(await ask({})).toMatchObject(expected);
});

test("a handler that is not exported is named", async () => {
  const { ask } = await made("export const handle = async () => 1;");
  expect(await ask({})).toMatchObject({ answer: { errorType: "Runtime.HandlerNotFound" }, error: "Unhandled" });
});

test("payloads of megabytes come through, and one over Lambda's limit is an error", async () => {
  const { ask } = await made("export const handler = async (event) => 'x'.repeat(event.length ?? event);");
  const { answer } = await ask("y".repeat(5_000_000));
  expect(answer).toHaveLength(5_000_000);
  expect(await ask(7_000_000)).toMatchObject({
    answer: { errorType: "Function.ResponseSizeTooLarge" },
    error: "Unhandled",
  });
  expect(await ask(1)).toEqual({ answer: "x", error: undefined });
});

test("a function sees the variables that it was given and nothing of this process's environment", async () => {
  process.env["SECRET_OF_THE_MACHINE"] = "hunter2";
  const { ask } = await made("export const handler = async () => Object.keys(process.env).sort();");
  const { answer } = await ask({});
  expect(answer).toEqual(["AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "PATH", "_HANDLER", "_X_AMZN_TRACE_ID"]);
});

test("packages that the bundle lacks are missing, whatever lies further up the disk", async () => {
  const { ask } = await made(
    `export const handler = async () => import(${JSON.stringify(import.meta.resolve("zod"))}).then(() => 'found', (error) => error.code);`,
  );
  expect(await ask({})).toEqual({ answer: "ERR_MODULE_NOT_FOUND", error: undefined });
});

test("invocations at once run in processes of their own, up to the reserved concurrency", async () => {
  const code =
    "export const handler = async () => { await new Promise((done) => setTimeout(done, 50)); return process.pid; };";
  const several = await made(code);
  const pids = await Promise.all([1, 2, 3].map((one) => several.ask(one)));
  expect(new Set(pids.map(({ answer }) => answer)).size).toBe(3);
  const single = await made(code, { reservedConcurrency: 1 });
  const same = await Promise.all([1, 2, 3].map((one) => single.ask(one)));
  expect(new Set(same.map(({ answer }) => answer)).size).toBe(1);
});

test("closing waits for what runs, ends the processes, and takes no more", async () => {
  const { subject, ask } = await made(
    "export const handler = async () => { await new Promise((done) => setTimeout(done, 100)); return process.pid; };",
  );
  const running = ask({});
  await subject.warm();
  await subject.close(10_000);
  const { answer } = await running;
  expect(() => process.kill(Number(answer), 0)).toThrow(/ESRCH/);
  await expect(subject.invoke(Buffer.from("{}"))).rejects.toThrow(/closing/);
});
