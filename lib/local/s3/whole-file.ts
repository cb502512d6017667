/** Files that are there whole or not at all, whenever the process is killed. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Unfinished files, and folders on their way out; swept on start. */
export interface Scratch {
  /** The file is at its path, in full, once this resolves; until then what was there before stays. */
  write(path: string, bytes: Buffer | string): Promise<void>;
  /** A folder is gone from its path at one moment, however long emptying it takes. */
  discard(path: string): Promise<void>;
}

export async function openScratch(directory: string): Promise<Scratch> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const next = (): string => join(directory, randomUUID());
  return {
    async write(path, bytes) {
      const unfinished = next();
      await writeFile(unfinished, bytes);
      try {
        await rename(unfinished, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
          throw error;
        }
        await mkdir(dirname(path), { recursive: true });
        await rename(unfinished, path);
      }
    },
    async discard(path) {
      const leaving = next();
      await rename(path, leaving);
      await rm(leaving, { recursive: true, force: true });
    },
  };
}
