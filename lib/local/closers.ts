/** What has to be undone, last thing first. */

export interface Closers {
  add(close: () => Promise<unknown>): void;
  /** Runs all of them, even where one fails, and once only: a second call waits for the first. Throws the first failure. */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const closers: Array<() => Promise<unknown>> = [];
  let closing: Promise<void> | undefined;

  async function run(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) {
      await next().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add: (close) => void closers.push(close),
    close() {
      closing ??= run();
      return closing;
    },
  };
}
