/** Telling what the log contradicts from what could not be read. */
import { GatebookError } from "../errors.ts";

/** What was read, or what is wrong with it: a clause. */
export type Checked<T> = { readonly right: T } | { readonly wrong: string };

/** @throws whatever is no contradiction: a store that does not answer says nothing about what it holds */
export async function unlessWrong<T>(read: () => Promise<T>): Promise<Checked<T>> {
  try {
    return { right: await read() };
  } catch (error) {
    const isWrong = error instanceof GatebookError && (error.code === "LOG_CORRUPT" || error.code === "NOT_VERIFIED");
    if (!isWrong) throw error;
    return { wrong: error.message };
  }
}
