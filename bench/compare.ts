/** Times work against a limit of the machine in turns, so that whatever else runs on it slows both. */

/** Odd, for the median; enough for one that a busy neighbour does not move. */
const ROUNDS = 15;
/** Until V8 has compiled what is hot. */
const WARM_UP_ROUNDS = 8;
/** In each round, half before the work and half behind it: it takes a small part of the work's time. */
const LIMIT_RUNS = 6;

export interface Comparison {
  /** Of one run of the work, the median. */
  readonly workMs: number;
  /** How much of the limit's speed is left: its time to that of the work, the median of the rounds. */
  readonly ratio: number;
}

/** Both in the time of one core, all threads of the process together: waiting for a core that somebody else has is no work. */
export async function compare(limit: () => void, work: () => void | Promise<void>): Promise<Comparison> {
  const limitRuns = (): void => {
    for (let run = 0; run < LIMIT_RUNS / 2; run++) limit();
  };
  const rounds: Comparison[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const before = await cpuMs(limitRuns);
    const workMs = await cpuMs(work);
    const after = await cpuMs(limitRuns);
    if (round >= WARM_UP_ROUNDS) rounds.push({ workMs, ratio: (before + after) / LIMIT_RUNS / workMs });
  }
  return { workMs: median(rounds.map(({ workMs }) => workMs)), ratio: median(rounds.map(({ ratio }) => ratio)) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** All threads of this process together. */
export async function cpuMs(run: () => void | Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
