/** The bundled handlers: how large each is, and how long a new process takes to import it. */
import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { readAssembly } from "../lib/local/template/assembly.ts";
import { resolve } from "../lib/local/template/intrinsics.ts";
import type { Template } from "../lib/local/template/template.ts";
import { withAssembly } from "./assembly.ts";
import { median } from "./compare.ts";
import type { Measurement } from "./measurement.ts";

const RUNS = 5;
const IMPORT_BOUND_MS = 150;
/** Of functions that decide by Cedar. */
const IMPORT_WITH_CEDAR_BOUND_MS = 250;
const CEDAR = "cedar_wasm_bg.wasm";
const SIZE_BOUND_BYTES = 1_500_000;
const BUNDLE = "index.mjs";

/** Run in the new process, from the bundle's folder. */
const IMPORT = `const start = performance.now(); await import("./${BUNDLE}"); console.log(performance.now() - start);`;

const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({
    Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string() }),
  }),
});

interface Bundle {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function measureBundles(): Promise<Measurement[]> {
  return withAssembly(async (assembly) => {
    const measurements: Measurement[] = [];
    for (const bundle of await readBundles(assembly)) measurements.push(...(await measure(bundle)));
    return measurements;
  });
}

async function measure({ name, folder, environment }: Bundle): Promise<Measurement[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await timeImport(folder, environment));
  return [
    {
      benchmark: "bundles",
      work: `${name}, size`,
      value: statSync(join(folder, BUNDLE)).size,
      unit: "bytes",
      bound: { of: "value", atMost: SIZE_BOUND_BYTES },
    },
    {
      benchmark: "bundles",
      work: `${name}, import in a new process`,
      value: median(times),
      unit: "ms",
      bound: {
        of: "value",
        atMost: existsSync(join(folder, CEDAR)) ? IMPORT_WITH_CEDAR_BOUND_MS : IMPORT_BOUND_MS,
      },
    },
  ];
}

async function readBundles(directory: string): Promise<Bundle[]> {
  const { stacks, assets } = await readAssembly(directory);
  return stacks.flatMap(({ template }) =>
    Object.values(template.Resources)
      .filter(({ Type }) => Type === "AWS::Lambda::Function")
      .map(({ Properties }) => toBundle(FunctionProperties.parse(Properties), template, assets)),
  );
}

function toBundle(
  { Code, Environment: { Variables } }: z.infer<typeof FunctionProperties>,
  template: Template,
  assets: ReadonlyMap<string, string>,
): Bundle {
  // An import reads the variables and calls nothing: the names of resources that do not exist will do.
  const scope = {
    template,
    reference: (name: string) => name,
    attribute: (id: string, name: string) => `${id}.${name}`,
  };
  const variables = Object.entries(Variables).map(([name, value]) => [name, String(resolve(value, scope))] as const);
  return {
    name: Variables.POWERTOOLS_SERVICE_NAME,
    folder: assets.get(Code.S3Key) ?? "",
    environment: Object.fromEntries(variables),
  };
}

async function timeImport(folder: string, environment: Bundle["environment"]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", IMPORT], {
    cwd: folder,
    env: { ...environment, AWS_REGION: "eu-west-1" },
  });
  return Number(stdout);
}
