/** `npm run bench`: what the product's parts do in a second, each beside the limit of the machine it runs on. Never a test. */
import { parseArgs } from "node:util";
import { measureAccess } from "./access.ts";
import { measureAlertLatency } from "./alert-latency.ts";
import { measureAppend } from "./append.ts";
import { measureAwsCalls } from "./aws-calls.ts";
import { measureBundles } from "./bundles.ts";
import { measureDetection } from "./detection.ts";
import { describe, isWithinBound, type Measurement } from "./measurement.ts";
import { measureNormalise } from "./normalise.ts";
import { measureRecordPath } from "./record-path.ts";
import { measureRedact } from "./redact.ts";
import { measureVerify } from "./verify.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  "record-path": measureRecordPath,
  normalise: measureNormalise,
  redact: measureRedact,
  detection: measureDetection,
  access: measureAccess,
  append: measureAppend,
  verify: measureVerify,
  bundles: measureBundles,
  "aws-calls": measureAwsCalls,
  "alert-latency": measureAlertLatency,
};

const HELP = `Usage: npm run -s bench -- [--json] [NAME...]

Runs the benchmarks of these names, or all: ${Object.keys(BENCHMARKS).join(", ")}.

Prints a line for each figure, and its ratio to what the machine can do at best, measured in turns in the same run. A figure that misses
its bound says "below bound" (or "above"), and the exit code is 0 all the same: speed is a number, not a test.

  --json  a JSON object a line: { benchmark, work, value, unit, ratio?, bound?, isWithinBound }
  --help  this text

Examples:
  $ npm run -s bench
  $ npm run -s bench -- record-path detection --json`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name));
  if (values.help) console.log(HELP);
  else if (unknown.length > 0) refuse(`there is no benchmark ${unknown.join(", ")}`);
  else await runAll(positionals, values.json);
} catch (error) {
  if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) throw error;
  refuse(error.message);
}

async function runAll(names: readonly string[], json: boolean): Promise<void> {
  for (const [name, measure] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const measurement of await measure()) {
      const line = json
        ? JSON.stringify({ ...measurement, isWithinBound: isWithinBound(measurement) })
        : describe(measurement);
      console.log(line);
    }
  }
}

function refuse(why: string): void {
  console.error(`${why}\n\n${HELP}`);
  process.exitCode = 2;
}
