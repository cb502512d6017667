/** What a service remembers, as one JSON file that is replaced whole. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";

export interface StateFile<T> {
  /** Changed in place by its service; not stored before `save`. */
  readonly state: T;
  /** Resolves once the state as it is now, or a later one, is on disk. */
  save(): Promise<void>;
}

/** Keys and secrets lie in these files. */
const OWNER_ONLY = 0o600;

/** @throws when the file is there but is not what the schema says: a damaged state is not silently started anew. */
export async function openStateFile<T>(path: string, schema: z.ZodType<T>, empty: T): Promise<StateFile<T>> {
  await mkdir(dirname(path), { recursive: true });
  const state = await read(path, schema, empty);
  let writing: Promise<void> = Promise.resolve();
  return {
    state,
    save() {
      // One at a time, or the slower of two writes would bring an older state back.
      writing = writing.catch(() => undefined).then(() => replace(path, JSON.stringify(state)));
      return writing;
    },
  };
}

async function read<T>(path: string, schema: z.ZodType<T>, empty: T): Promise<T> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return empty;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged: remove it to start anew`, { cause });
  }
}

async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, "w", OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
