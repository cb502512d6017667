/** The test runner: one project, sentences as names, no mocks. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** The stories through the local cloud synthesise and start a whole stack. */
const TEST_TIMEOUT_MS = 60_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: 2 * TEST_TIMEOUT_MS,
    pool: "forks",
    // Tests that wait for queues and processes leave the processor to others: two at a time even where there is one to spare.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: ["test/end-to-end/shared-folder.ts"],
  },
});
