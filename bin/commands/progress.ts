/** How far a long command is, on a terminal: one line of standard error that is written over. */

const INTERVAL_MS = 200;

export interface Progress {
  show(line: () => string): void;
  /** Removes the line. */
  end(): void;
}

export function progressLine(): Progress {
  let last = 0;
  let isShown = false;
  return {
    show(line) {
      const now = performance.now();
      if (!process.stderr.isTTY || now - last < INTERVAL_MS) return;
      last = now;
      isShown = true;
      process.stderr.write(`\r\x1b[K${line()}`);
    },
    end() {
      if (isShown) process.stderr.write("\r\x1b[K");
      isShown = false;
    },
  };
}
