/** Doing the same in every shard: what goes wrong in one of them stops none of the others. */
import { GatebookError } from "../errors.ts";
import { concurrently } from "./concurrently.ts";

/** A batch that was staged may have to be finished in each, and memory holds several of common size. */
const MAX_SHARDS_AT_ONCE = 4;

/**
 * @returns what came of each, in their order
 * @throws when all were tried, what the only failure was, or one error that tells of them all; LOG_CORRUPT where one of them is that
 */
export async function inEachShard<T>(
  shards: readonly number[],
  work: (shard: number) => Promise<T>,
  atOnce = MAX_SHARDS_AT_ONCE,
): Promise<T[]> {
  const done = new Map<number, T>();
  const failures: { readonly shard: number; readonly cause: unknown }[] = [];
  await concurrently(atOnce, shards, async (shard) => {
    try {
      done.set(shard, await work(shard));
    } catch (cause) {
      failures.push({ shard, cause });
    }
  });
  if (failures.length > 0) throw failureOf(failures, shards.length);
  return shards.flatMap((shard) => (done.has(shard) ? [done.get(shard) as T] : []));
}

function failureOf(failures: readonly { readonly shard: number; readonly cause: unknown }[], all: number): unknown {
  const [first] = failures;
  if (failures.length === 1) return first?.cause;
  const causes = failures.map(({ cause }) => cause);
  const codes = causes.flatMap((cause) => (cause instanceof GatebookError ? [cause.code] : []));
  const code = codes.includes("LOG_CORRUPT") ? "LOG_CORRUPT" : (codes[0] ?? "UNAVAILABLE");
  const reasons = failures.map(({ shard, cause }) => `shard ${shard}: ${reasonOf(cause)}`).join("; ");
  return new GatebookError(code, `${failures.length} of ${all} shards failed: ${reasons}`, {
    cause: new AggregateError(causes, "several shards failed"),
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
