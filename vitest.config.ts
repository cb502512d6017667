/** The test runner: one project, sentences as names, no mocks. */
import { defineConfig } from "vitest/config";

/** The stories through the local cloud synthesise and start a whole stack. */
const TEST_TIMEOUT_MS = 60_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: 2 * TEST_TIMEOUT_MS,
    pool: "forks",
  },
});
