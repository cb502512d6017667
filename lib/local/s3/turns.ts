/** Lets one task at a time in for each name, in the order of asking. */

export interface Turns {
  take<T>(name: string, task: () => Promise<T>): Promise<T>;
  /** How many tasks are running or waiting. */
  readonly count: number;
}

export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    async take(name, task) {
      const before = last.get(name);
      count++;
      const own = (async () => {
        // What became of the task before is its own caller's concern.
        await before?.catch(() => undefined);
        return task();
      })();
      last.set(name, own);
      try {
        return await own;
      } finally {
        count--;
        if (last.get(name) === own) {
          last.delete(name);
        }
      }
    },
  };
}
