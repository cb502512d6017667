/** Runs the tests and closes with `N passed, N failed` alone on a line, which continuous integration reads. */
import { startVitest } from "vitest/node";

const vitest = await startVitest("test", process.argv.slice(2), { watch: false });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string): number => tests.filter((test) => test.result().state === state).length;

const passed = count("passed");
const skipped = count("skipped");
// A file that cannot be loaded holds no tests to fail: it counts as one failure, and so does an error outside any test.
const brokenModules = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
const failed = count("failed") + brokenModules + vitest.state.getUnhandledErrors().length;
await vitest.close();

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
// Nothing run is nothing shown.
process.exit(failed > 0 || passed === 0 ? 1 : 0);
