/** What functions print, in a file for each. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";

export interface LogFiles {
  append(functionName: string, line: string): void;
  close(): Promise<void>;
}

export function openLogFiles(directory: string): LogFiles {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  return {
    append(functionName, line) {
      const file = files.get(functionName) ?? createWriteStream(join(directory, `${functionName}.log`), { flags: "a" });
      files.set(functionName, file);
      file.write(`${line}\n`);
    },
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}
