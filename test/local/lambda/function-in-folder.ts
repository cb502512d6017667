/** Writes a handler into a folder of its own and makes a function of it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFunction, type FunctionSettings, type LocalFunction } from "../../../lib/local/lambda/local-function.ts";

interface Made {
  readonly subject: LocalFunction;
  readonly lines: string[];
  /** Invokes with JSON and reads JSON. */
  ask(event: unknown): Promise<{ readonly answer: unknown; readonly error: string | undefined }>;
  end(): Promise<void>;
}

export async function functionInFolder(code: string, settings: Partial<FunctionSettings> = {}): Promise<Made> {
  const codeDirectory = await mkdtemp(join(tmpdir(), "gatebook-function-"));
  await writeFile(join(codeDirectory, "index.mjs"), code);
  const lines: string[] = [];
  const subject = createFunction({
    name: "subject",
    functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:subject",
    roleArn: "arn:aws:iam::000000000000:role/subject",
    accessKeyId: "ASIASUBJECT",
    codeDirectory,
    variables: { _HANDLER: "index.handler", LAMBDA_TASK_ROOT: codeDirectory, PATH: process.env["PATH"] ?? "" },
    memoryMb: 256,
    timeoutMs: 20_000,
    onLine: (line) => lines.push(line),
    ...settings,
  });
  return {
    subject,
    lines,
    async ask(event) {
      const { payload, error } = await subject.invoke(Buffer.from(JSON.stringify(event)));
      return { answer: JSON.parse(payload.toString("utf8")), error };
    },
    async end() {
      await subject.close(1_000);
      await rm(codeDirectory, { recursive: true, force: true });
    },
  };
}
