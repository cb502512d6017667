/** Detection with many rules, JSON parsing included, against parsing the same lines alone. */
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { readRule } from "../lib/adapters/rule-files.ts";
import { placeholdersOf } from "../lib/core/configuration/placeholders.ts";
import { type CompiledRule, compileRule } from "../lib/core/detections/compile-rule.ts";
import { detect } from "../lib/core/detections/detect.ts";
import type { Rule } from "../lib/core/detections/rule.ts";
import { GatebookError } from "../lib/core/errors.ts";
import { classifier } from "../lib/core/record/classify.ts";
import { prepareRecord, viewOf } from "../lib/core/record/prepare-record.ts";
import { compare } from "./compare.ts";
import { distinctMessages, readSettings } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const MESSAGES = 2_000;
/** Of each of our rules: about as many as Sigma publishes for AWS. */
const COPIES = 20;
const RATIO_BOUND = 0.6;

/** Optional, where this machine has them beside the work tree. */
const PUBLISHED = join(import.meta.dirname, "..", "..", "shared", "data", "sigma-rules", "rules", "cloud", "aws");

/** A CloudTrail record as a line of JSON, and beside it what rules over the normalised record see. */
interface Line {
  readonly text: string;
  readonly view: unknown;
}

export async function measureDetection(): Promise<Measurement[]> {
  const { configuration, rules } = readSettings();
  const placeholders = placeholdersOf(configuration);
  const lines = await cloudTrailLines();
  const copies = Array.from({ length: COPIES }, () => rules.map((rule) => compileRule(rule, placeholders))).flat();
  const measurements = [await measure(`our ${rules.length} rules, ${COPIES} times each`, copies, lines)];
  if (existsSync(PUBLISHED)) {
    const published = globSync(`${PUBLISHED}/**/*.yml`).sort().flatMap(readSupported);
    const compiled = published.map((rule) => compileRule(rule, {}));
    measurements.push(await measure(`${published.length} rules of Sigma for AWS`, compiled, lines));
  }
  return measurements;
}

async function cloudTrailLines(): Promise<Line[]> {
  const classify = classifier(readSettings().configuration);
  const lines: Line[] = [];
  for (const message of distinctMessages(MESSAGES)) {
    const prepared = await prepareRecord(message, classify);
    if (prepared.raw.service !== "cloudtrail") continue;
    lines.push({ text: JSON.stringify(prepared.raw.record), view: viewOf(prepared) });
  }
  return lines;
}

/** What the engine does not support (one rule has a regular expression) is not measured. */
function readSupported(file: string): Rule[] {
  try {
    return [readRule(file)];
  } catch (error) {
    if (error instanceof GatebookError && error.code === "RULE_INVALID") return [];
    throw error;
  }
}

async function measure(work: string, rules: readonly CompiledRule[], lines: readonly Line[]): Promise<Measurement> {
  const { workMs, ratio } = await compare(
    () => {
      for (const { text } of lines) JSON.parse(text);
    },
    () => {
      for (const { text, view } of lines) {
        detect(rules, { raw: { product: "aws", service: "cloudtrail", record: JSON.parse(text) }, view });
      }
    },
  );
  return {
    benchmark: "detection",
    work,
    value: lines.length / (workMs / 1000),
    unit: "events/s",
    ratio: { value: ratio, to: "JSON.parse" },
    bound: { of: "ratio", atLeast: RATIO_BOUND },
  };
}
