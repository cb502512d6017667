/** What is wrong with a file of rules. */
import { GatebookError } from "../errors.ts";

/** Why a document of the file is not part of the set, or not as it is written. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Takes apart what the parser and the compiler throw, whose messages start with file and line. @throws what is no GatebookError */
export function toProblem(error: unknown, file: string): RuleProblem {
  if (!(error instanceof GatebookError)) throw error;
  const [, line, reason] = /^(\d+): ([\s\S]*)$/.exec(error.message.slice(file.length + 1)) ?? [];
  return { file, line: Number(line ?? 1), reason: reason ?? error.message };
}

/** @throws GatebookError `RULE_INVALID` with every problem, a line each */
export function refuseProblems(problems: readonly RuleProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
  throw new GatebookError("RULE_INVALID", lines.join("\n"));
}
