/** Repeats a call that a service carried out in part, for what is left of it. */
import { setTimeout as wait } from "node:timers/promises";
import { GatebookError } from "../core/errors.ts";

const MAX_CALLS = 8;
const FIRST_DELAY_MS = 25;

/**
 * @param call answers with what it did not get done
 * @throws UNAVAILABLE when something is still left after the last call
 */
export async function retryRest<T>(
  what: string,
  all: readonly T[],
  call: (rest: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let rest = all;
  for (let calls = 0; rest.length > 0; calls += 1) {
    if (calls === MAX_CALLS) {
      throw new GatebookError(
        "UNAVAILABLE",
        `${what}: ${rest.length} of ${all.length} were refused ${MAX_CALLS} times`,
      );
    }
    // Half of each delay is left to chance, so that writers throttled together do not come back together.
    if (calls > 0) await wait(FIRST_DELAY_MS * 2 ** calls * (0.5 + Math.random() / 2));
    rest = await call(rest);
  }
}
