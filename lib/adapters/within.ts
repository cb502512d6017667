/** Waiting for something, but not for ever. */
import { GatebookError } from "../core/errors.ts";

/** @returns what rejects with `UNAVAILABLE` when the work has not settled in that time; the work itself goes on */
export function within(limitMs: number): <T>(work: Promise<T>) => Promise<T> {
  return async (work) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new GatebookError("UNAVAILABLE", `there was no answer within ${limitMs / 1000} seconds`)),
      limitMs,
    );
    // Nobody may be waiting any more when it fails in the end.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}
